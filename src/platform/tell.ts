import Taro from '@tarojs/taro'
import { attempt } from './optional'

/** A short word to the reader, gone by itself. */
export function tell(words: string): void {
  attempt(() => Taro.showToast({ title: words, icon: 'none' }))
}
