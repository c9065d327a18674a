import Taro from '@tarojs/taro'
import { attempt } from './optional'

/** Scrolls the current page without animation; lengths in px. */
export function scrollPage(to: { scrollTop: number } | { selector: string; offsetTop: number }): void {
  attempt(() => Taro.pageScrollTo({ ...to, duration: 0 }))
}
