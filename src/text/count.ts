/** Formats a count for readers: exact up to 9,999, then in 万 with one decimal, rounded down. */
export function shortCount(count: number): string {
  // Formatted by hand, because `Intl` differs from phone to phone.
  if (count < 10_000) return String(count).replace(/(\d)(?=\d{3}$)/, '$1,')
  const tenths = Math.floor(count / 1_000)
  return tenths % 10 === 0 ? `${tenths / 10}万` : `${(tenths / 10).toFixed(1)}万`
}
