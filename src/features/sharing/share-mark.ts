const alphabet = '0123456789abcdefghijklmnopqrstuvwxyz'

/**
 * Ten random characters of `[0-9a-z]` that identify one act of sharing. Math.random is enough, because the mark
 * protects nothing.
 */
export function newShareMark(random: () => number = Math.random): string {
  let mark = ''
  for (let i = 0; i < 10; i++) mark += alphabet[Math.floor(random() * alphabet.length)]
  return mark
}
