import { useRouter } from '@tarojs/taro'

/**
 * Returns a decoded parameter of this page's address: neither WeChat nor Taro's router decodes it. Empty if absent.
 * Returned undecoded if it was cut off in the middle of a character.
 */
export function useParameter(name: string): string {
  const raw = useRouter().params[name] ?? ''
  try {
    return decodeURIComponent(raw)
  } catch {
    return raw
  }
}

/**
 * The parameters of a shared page in one text. Old cards encoded their query twice, as a whole or by value. Values of
 * ours contain nothing that needs encoding.
 */
export function useSharedQuery(): string {
  let text = Object.entries(useRouter().params)
    .map(entry => `&${entry.join('=')}`)
    .join('')
  try {
    for (let times = 0; times < 3; times++) text = decodeURIComponent(text)
  } catch {
    // Cut off in the middle of a character, or decoded completely.
  }
  return text
}

/**
 * The story or topic id in this page's address; a mini-code has it in `scene`, as `id-mark`. Ignores a 。 or space that
 * was added when the address was copied.
 */
export function useIdParameter(): string {
  const id = useParameter('id')
  return (
    /&(?:id=|scene=(?=\w+-))([0-9a-z]{8,12})(?![0-9A-Za-z_]|-(?![0-9a-z]{10}(?!\w)))/.exec(
      useSharedQuery(),
    )?.[1] ?? id
  )
}
