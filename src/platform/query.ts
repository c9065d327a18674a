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

/** The story or topic id in this page's address. Ignores a 。 or space that was added when the address was copied. */
export function useIdParameter(): string {
  const id = useParameter('id')
  return /^[0-9a-z]{8,12}(?![\w-])/.exec(id)?.[0] ?? id
}
