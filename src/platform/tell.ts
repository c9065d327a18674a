import Taro from '@tarojs/taro'

/** A short word to the reader, gone by itself. */
export function tell(words: string): void {
  void Taro.showToast({ title: words, icon: 'none' })
}
