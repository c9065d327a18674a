import Taro from '@tarojs/taro'
import { ask } from './optional'

/**
 * Copies a text to the clipboard. False if the phone refuses: WeChat does so unless the privacy guide declares the
 * clipboard (errno 112).
 */
export async function copyText(data: string): Promise<boolean> {
  const copied = await ask(() => Taro.setClipboardData({ data }).then(() => true))
  return copied === true
}
