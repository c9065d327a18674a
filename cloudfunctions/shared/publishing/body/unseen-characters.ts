/** Removes invisible characters. They can hide text, reverse its direction, or come from pasted text. */

/** Zero-width joiner. It is preserved only inside an emoji such as 👩‍🚀. */
const joiner = '\u200D'

/** Control characters, lone surrogates, and Unicode's default-ignorable characters except variation selectors. */
const unseen =
  /(?![\t\n]|\p{Variation_Selector})[\p{Cc}\p{Cs}\p{Default_Ignorable_Code_Point}\uFFF9-\uFFFB]/gu

const joins = /^(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\uFE0F)/u
const joined = /(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\uFE0F)$/u

/** Returns the text without them and how many were removed. Converts line and paragraph separators to `\n`. */
export function withoutUnseen(text: string): { text: string; removed: number } {
  let removed = 0
  const retained = text
    .replace(/\r\n?|\u2028|\u2029|\u0085/g, '\n')
    .replace(unseen, (character, at: number, all: string) => {
      if (character === joiner && joins.test(all.slice(at + 1, at + 3))) {
        const before = all.slice(Math.max(0, at - 2), at)
        if (joined.test(before)) return character
      }
      // A byte order mark at the start is normal, so it is removed without being reported.
      if (!(at === 0 && character === '\uFEFF')) removed += 1
      return ''
    })
  return { text: retained, removed }
}
