import { attempt } from './optional'
import type { SharedLink } from './system-share'

export const isWeChatBrowser = (): boolean => /MicroMessenger/i.test(navigator.userAgent)

/**
 * As in system-share.ts. Browsers have the dialog only over https, and only after a tap. A reader who closes it has
 * decided: nothing else opens. WeChat's browser shares by its own menu.
 */
export function shareBySystem(link: () => SharedLink): boolean {
  if (isWeChatBrowser() || !('share' in navigator)) return false
  attempt(() => navigator.share(link()))
  return true
}
