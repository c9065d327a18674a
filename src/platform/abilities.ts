import Taro from '@tarojs/taro'
import type { Way } from '#contract/sharing'
import { momentsScene, wayOf } from './scenes'

/**
 * What a page may offer. It depends on how the reader entered the mini-program, and pages ask for nothing else.
 *
 * - `navigate`: open another of our pages, or offer a way there
 * - `bars`: change the navigation bar and the tab bar
 * - `shareButton`: a button with `open-type="share"`
 * - `storage`: the reader's own storage, with shelf and settings
 * - `identity`: votes of one's own
 * - `fold`: show a long story's beginning first
 * - `invite`: say where the reader can do more
 * - `enlarge`: show a picture full screen
 */
export type Ability =
  | 'navigate'
  | 'bars'
  | 'shareButton'
  | 'storage'
  | 'identity'
  | 'fold'
  | 'invite'
  | 'enlarge'

/** What WeChat says of an entry. `apiCategory` is missing in older versions. */
export interface Entry {
  scene?: number
  apiCategory?: string
}

/** How the reader entered last: a hot start may come from another entry than the cold start. */
export function entryNow(): Entry {
  try {
    return Taro.getEnterOptionsSync()
  } catch {
    return {}
  }
}

/**
 * Whether an entry gives an ability. `browseOnly` is the single-page mode of Moments: no login, no navigation, half the
 * APIs disabled, a storage of its own. It must show the whole story and may not urge readers to open the mini-program
 * (WeChat docs, 分享到朋友圈). `nativeFunctionalized`, `embedded` and `chatTool` lack only the share button (开放能力/转发).
 */
export function can(ability: Ability, { scene, apiCategory }: Entry = entryNow()): boolean {
  return scene === momentsScene || apiCategory === 'browseOnly'
    ? ability === 'enlarge'
    : ability !== 'shareButton' || !apiCategory || apiCategory === 'default'
}

/** How the reader entered; undefined if the visitor is no reader. */
export const wayIn = (): Way | undefined => wayOf(entryNow().scene)
