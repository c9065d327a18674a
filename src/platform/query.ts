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
