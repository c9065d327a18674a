import Taro from '@tarojs/taro'

/** What a reader is told after a try to save or send; empty if nothing needs to be said. */
export type Outcome = string

const reasonOf = (error: unknown): string => String((error as { errMsg?: unknown } | null)?.errMsg ?? error)

/** Closing WeChat's own dialog is no failure. */
const isCancelled = (error: unknown): boolean => /cancel/i.test(reasonOf(error))

/** Shows a picture full screen, where the reader can enlarge it. */
export async function previewPoster(path: string): Promise<Outcome> {
  try {
    await Taro.previewImage({ urls: [path] })
    return ''
  } catch {
    return '没能放大海报'
  }
}

/** Saves a picture to the album. */
export async function savePoster(filePath: string): Promise<Outcome> {
  try {
    await Taro.saveImageToPhotosAlbum({ filePath })
    return '已保存到相册'
  } catch (error) {
    if (isCancelled(error)) return ''
    return /auth|permission|privacy/i.test(reasonOf(error))
      ? '没有保存：请在右上角的设置里允许保存到相册'
      : '没能保存，请重试，或长按图片保存'
  }
}

type Menu = { path: string; entrancePath: string; needShowEntrance: boolean }

/**
 * Opens WeChat's menu for a picture. `entrancePath` is the story behind the picture's entrance (base library 3.2). Some
 * phones refuse an entrance: then the menu opens without one.
 */
export async function sendPoster(path: string, entrancePath: string): Promise<Outcome> {
  const open = (needShowEntrance: boolean) =>
    (Taro.showShareImageMenu as (menu: Menu) => Promise<unknown>)({ path, entrancePath, needShowEntrance })
  try {
    await open(true)
  } catch (error) {
    if (isCancelled(error)) return ''
    try {
      await open(false)
    } catch (again) {
      return isCancelled(again) ? '' : '没能打开分享菜单，请先保存到相册'
    }
  }
  return ''
}
