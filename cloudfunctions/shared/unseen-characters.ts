/** Removes invisible characters. They can hide text, reverse its direction, or come from pasted text. */

/** Zero-width joiner. It is preserved only inside an emoji such as 👩‍🚀. */
const joiner = '\u200D'

/**
 * Control characters, lone surrogates, codes that are no characters, and Unicode's default-ignorable characters except
 * variation selectors.
 */
const unseen =
  /(?![\t\n]|\p{Variation_Selector})[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}\p{Default_Ignorable_Code_Point}\uFFF9-\uFFFB]/gu

/** Any other character than the usual ones of Chinese and English text, which need no second look. */
const unusual = /[^\t\n -~\u2010-\u2027\u2030-\u205e\u2190-\u3163\u3165-\ud7ff\uff01-\uff9f]/

const joins = /^(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\uFE0F)/u
const joined = /(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\uFE0F)$/u

/** Returns the text without them and how many were removed. Converts line and paragraph separators to `\n`. */
export function withoutUnseen(text: string): { text: string; removed: number } {
  if (!unusual.test(text)) return { text, removed: 0 }
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

/** The same value with every text in it so. Returns parts that have nothing to remove as they are. */
export function allWithoutUnseen(value: unknown): unknown {
  if (typeof value === 'string') return withoutUnseen(value).text
  if (Array.isArray(value)) {
    const items = value.map(allWithoutUnseen)
    return items.some((item, index) => item !== value[index]) ? items : value
  }
  // Not a date: only plain objects hold texts.
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return value
  let changed: Record<string, unknown> | undefined
  for (const [key, part] of Object.entries(value)) {
    const kept = allWithoutUnseen(part)
    if (kept === part) continue
    changed ??= { ...value }
    changed[key] = kept
  }
  return changed ?? value
}
