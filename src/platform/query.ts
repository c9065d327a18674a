import { useRouter } from '@tarojs/taro'

/**
 * A parameter of this page's address, decoded: neither WeChat nor Taro's router decodes it. Empty when absent; as it
 * stands when it was cut off in the middle of a character.
 */
export function useParameter(name: string): string {
  const raw = useRouter().params[name] ?? ''
  try {
    return decodeURIComponent(raw)
  } catch {
    return raw
  }
}
