import Taro from '@tarojs/taro'
import { ask } from './optional'

/**
 * Puts a text on the clipboard. False where the phone refuses: WeChat does unless the privacy guide declares the clipboard
 * (errno 112).
 */
export async function copyText(data: string): Promise<boolean> {
  const copied = await ask(() => Taro.setClipboardData({ data }).then(() => true))
  return copied === true
}
