import path from 'node:path'
import type { Browser } from 'playwright-core'
import { launch } from '../../weapp-host/driver'
import type { Theme } from '../../weapp-host/protocol'
import type { CloudProcess } from '../support/local-cloud'
import { Door } from './door'
import type { SampleData } from './sample-data'
import type { Entry, Scene } from './weapp-entries'

/** The settings of a phone. */
export interface Look {
  theme: Theme
  /** WeChat's font size: 0.94 to 1.75. */
  scale: number
}

/** Ordered so that few settings change from one to the next; light at the standard size comes first. */
export const looks: readonly Look[] = [
  { theme: 'light', scale: 1 },
  { theme: 'dark', scale: 1 },
  { theme: 'dark', scale: 1.75 },
  { theme: 'light', scale: 0.94 },
]

const pictures = path.resolve(__dirname, '../../dist/stories/pictures')

/** Opens the built mini-program on a phone of 390 × 844. Close its `phone` when done. */
export async function openScene(
  browser: Browser,
  dist: string,
  cloud: CloudProcess,
  data: SampleData,
  chineseOnCanvas = false,
): Promise<Scene> {
  const door = new Door(cloud)
  const phone = await launch({ browser, dist, cloud: door, pictures, chineseOnCanvas })
  door.pictures = phone.address
  return { door, data, phone }
}

/** Opens an entry's screen on a phone that never had the app, in the light theme and at the standard size. */
export async function reach(scene: Scene, entry: Entry): Promise<void> {
  await scene.door.reset(entry.as ?? 'reader')
  await scene.phone.reinstall()
  await entry.reach(scene)
}

/**
 * Applies the settings while the page stays open. The app follows the phone's theme at once. WeChat reports a new font
 * size only at the app's next start, and the app uses it only for `--scale` on the roots of its pages
 * (platform/look.ts; a test starts an app with it and compares).
 */
export async function wear({ phone }: Scene, { theme, scale }: Look): Promise<void> {
  await phone.setTheme(theme)
  await phone.window.evaluate(to => {
    for (const root of Array.from(document.querySelectorAll<HTMLElement>('.look'))) {
      if (to === 1) root.style.removeProperty('--scale')
      else root.style.setProperty('--scale', String(to))
    }
  }, scale)
}
