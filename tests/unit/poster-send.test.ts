import { sendPoster } from '#features/poster/send'

const opened: boolean[] = []
let answers: (string | undefined)[] = []
jest.mock('@tarojs/taro', () => ({
  __esModule: true,
  default: {
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
