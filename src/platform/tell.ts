import Taro from '@tarojs/taro'
import { attempt } from './optional'

/** Shows the reader a short message that disappears after a moment. */
export function tell(words: string): void {
  attempt(() => Taro.showToast({ title: words, icon: 'none' }))
}
