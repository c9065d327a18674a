import { previewPoster, savePoster, sendPoster } from '#features/poster/send'

const opened: boolean[] = []
let answers: (string | undefined)[] = []
const done: string[] = []
function did(what: string): Promise<void> {
  done.push(what)
  const errMsg = answers.shift()
  return errMsg === undefined ? Promise.resolve() : Promise.reject({ errMsg })
}
jest.mock('@tarojs/taro', () => ({
  __esModule: true,
  default: {
    previewImage: ({ urls }: { urls: string[] }) => did(`enlarge ${urls}`),
    saveImageToPhotosAlbum: ({ filePath }: { filePath: string }) => did(`save ${filePath}`),
    showShareImageMenu: ({ needShowEntrance }: { needShowEntrance: boolean }) => {
      opened.push(needShowEntrance)
      const errMsg = answers.shift()
      return errMsg === undefined ? Promise.resolve() : Promise.reject({ errMsg })
    },
  },
}))

const refused = 'showShareImageMenu:fail invalid entrancePath'
const closed = 'showShareImageMenu:fail cancel'

test.each([
  ['is opened with the story’s entrance', [undefined], [true], ''],
  ['may be closed by the reader', [closed], [true], ''],
  ['is opened without an entrance on a phone that refuses one', [refused, undefined], [true, false], ''],
  ['may be closed there too', [refused, closed], [true, false], ''],
  [
    'that does not open at all says what to do',
    [refused, refused],
    [true, false],
    '没能打开分享菜单，请先保存到相册',
  ],
])('WeChat’s menu for a poster %s', async (_, given, menus, says) => {
  opened.length = 0
  answers = [...given]
  expect(await sendPoster('poster.png', '/pages/article/index?id=a')).toBe(says)
  expect(opened).toEqual(menus)
})

const settings = '没有保存：请在右上角的设置里允许保存到相册'
test.each([
  ['is saved', undefined, '已保存到相册'],
  ['is not saved by a reader who closes the dialog', 'saveImageToPhotosAlbum:fail cancel', ''],
  ['needs the reader’s leave', 'saveImageToPhotosAlbum:fail auth deny', settings],
  ['needs the system’s leave', 'saveImageToPhotosAlbum:fail:system permission denied', settings],
  ['needs WeChat’s leave', 'saveImageToPhotosAlbum:fail privacy permission is not authorized', settings],
  ['may not fit on the phone', 'saveImageToPhotosAlbum:fail no space', '没能保存，请重试，或长按图片保存'],
])('a poster %s, and its reader is told what helps', async (_, fault, says) => {
  done.length = 0
  answers = [fault]
  expect(await savePoster('poster.png')).toBe(says)
  expect(done).toEqual(['save poster.png'])
})

test('a poster is enlarged at a tap, or the reader is told that it was not', async () => {
  done.length = 0
  answers = [undefined, 'previewImage:fail']
  expect([await previewPoster('poster.png'), await previewPoster('poster.png')]).toEqual(['', '没能放大海报'])
  expect(done).toEqual(['enlarge poster.png', 'enlarge poster.png'])
})
