import type { Json } from '../../protocol'
import { ApiFailure, asJson, asynchronous, type Ground, type Options, succeeds, textOf, type Wx } from './api'

/** Toasts, dialogs, picture previews and the clipboard. */
export function feedbackApis(ground: Ground): Wx {
  const told = (name: string, view: string) =>
    asynchronous(name, options => {
      ground.tell(view, asJson(options))
      return undefined
    })
  const fields = (reply: Json): Record<string, unknown> =>
    typeof reply === 'object' && reply !== null && !Array.isArray(reply) ? reply : {}
  const pictures = (options: Options) => (Array.isArray(options.urls) ? options.urls : [])
  let clipboard = ''

  return {
    showToast: told('showToast', 'toast'),
    hideToast: told('hideToast', 'toast-off'),
    showLoading: told('showLoading', 'loading'),
    hideLoading: told('hideLoading', 'loading-off'),
    showModal: asynchronous('showModal', async options => fields(await ground.ask('modal', asJson(options)))),
    showActionSheet: asynchronous('showActionSheet', async options => {
      const { tapIndex } = fields(await ground.ask('action-sheet', asJson(options)))
      if (typeof tapIndex !== 'number' || tapIndex < 0) throw new ApiFailure('cancel')
      return { tapIndex }
    }),
    previewImage: asynchronous('previewImage', options => {
      if (pictures(options).length === 0) throw new ApiFailure('parameter error: parameter.urls is empty')
      ground.tell('preview', asJson(options))
      return undefined
    }),
    setClipboardData: asynchronous('setClipboardData', options => {
      const data = textOf(options, 'data')
      if (data === undefined) throw new ApiFailure('parameter error: parameter.data should be String')
      clipboard = data
      ground.tell('toast', { title: '内容已复制' })
      return { data }
    }),
    getClipboardData: asynchronous('getClipboardData', () => ({ data: clipboard })),
    pageScrollTo: told('pageScrollTo', 'scroll'),
    setBackgroundColor: told('setBackgroundColor', 'background'),
    setBackgroundTextStyle: told('setBackgroundTextStyle', 'background'),
    startPullDownRefresh: asynchronous('startPullDownRefresh', () => {
      ground.pages.pullDown()
      return undefined
    }),
    stopPullDownRefresh: told('stopPullDownRefresh', 'pull-down-off'),
    saveImageToPhotosAlbum: asynchronous('saveImageToPhotosAlbum', options => {
      if (!textOf(options, 'filePath'))
        throw new ApiFailure('parameter error: parameter.filePath should be String')
      return undefined
    }),
    showShareImageMenu: asynchronous('showShareImageMenu', options => {
      if (!textOf(options, 'path')) throw new ApiFailure('parameter error: parameter.path should be String')
      return undefined
    }),
    ...succeeds([
      'showShareMenu',
      'hideShareMenu',
      'updateShareMenu',
      'showNavigationBarLoading',
      'hideNavigationBarLoading',
      'hideHomeButton',
      'login',
      'authorize',
      'getSetting',
      'openSetting',
      'setKeepScreenOn',
      'setVisualEffectOnCapture',
      'getPrivacySetting',
      'openPrivacyContract',
    ]),
  }
}
