/** Characters that nobody sees: they hide text, turn its direction or come with a paste. */

/** Joins emoji such as 👩‍🚀, which is the only place where it stays. */
const joiner = '\u200D'

/** Control characters, lone surrogates and what Unicode says to leave undrawn, but for variation selectors. */
const unseen =
  /(?![\t\n]|\p{Variation_Selector})[\p{Cc}\p{Cs}\p{Default_Ignorable_Code_Point}\uFFF9-\uFFFB]/gu

const joins = /^(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\uFE0F)/u
const joined = /(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\uFE0F)$/u

/** The text without them, and how many there were. Line and paragraph separators become line ends. */
export function withoutUnseen(text: string): { text: string; removed: number } {
  let removed = 0
  const retained = text
    .replace(/\r\n?|\u2028|\u2029|\u0085/g, '\n')
    .replace(unseen, (character, at: number, all: string) => {
      if (character === joiner && joins.test(all.slice(at + 1, at + 3))) {
        const before = all.slice(Math.max(0, at - 2), at)
        if (joined.test(before)) return character
      }
      // A byte order mark is no trick.
      if (!(at === 0 && character === '\uFEFF')) removed += 1
      return ''
    })
  return { text: retained, removed }
}
