import Taro from '@tarojs/taro'
import { can } from './abilities'
import { baseLibrary, isTooOld } from './base-library'
import { confirm } from './confirm'
import { lostUrl, tabs } from './navigate'
import { attempt } from './optional'

/** Offers a downloaded new version once. If the reader declines, WeChat uses it at the next cold start anyway. */
function offerUpdate(): void {
  const manager = Taro.getUpdateManager()
  let offered = false
  manager.onUpdateReady(() => {
    if (offered) return
    offered = true
    attempt(async () => {
      const wanted = await confirm({
        title: '新版本已经准备好',
        content: '现在重启即可使用；以后再说也不影响阅读。',
        confirmText: '重启',
        cancelText: '以后',
      })
      if (wanted) manager.applyUpdate()
    })
  })
}

/**
 * Starts what runs for the app's whole life. None of it exists in single-page mode, which cannot navigate or update.
 */
export function watchApp(): void {
  if (!can('navigate')) return
  // An old link, or one an editor mistyped, opens our own page with links instead of the platform's error page.
  attempt(() =>
    Taro.onPageNotFound(() => {
      attempt(async () => {
        try {
          await Taro.redirectTo({ url: lostUrl })
        } catch {
          await Taro.switchTab({ url: tabs.home })
        }
      })
    }),
  )
  if (isTooOld(baseLibrary())) {
    void confirm({
      title: '微信版本较低',
      content: '部分功能可能无法使用，更新微信后体验更完整。',
      showCancel: false,
    })
    return
  }
  attempt(offerUpdate)
}
