import Taro, { useDidHide, useDidShow, useUnload } from '@tarojs/taro'
import { attempt } from './optional'

const stop = (): void => attempt(Taro.offCopyUrl as () => void)

/** Gives the query of this page's link when the reader copies it from WeChat's menu (复制链接). */
export function useCopyUrl(query: () => string): void {
  useDidShow(() => attempt(() => Taro.onCopyUrl(() => ({ query: query() }))))
  useDidHide(stop)
  useUnload(stop)
}
