import fs from 'node:fs'
import path from 'node:path'
import { type Ability, can, wayIn } from '#platform/abilities'
import { crawlerScene, momentsScene, scenesByWay, wayOf } from '#platform/scenes'

// A phone that lacks the API which tells how it was opened.
jest.mock('@tarojs/taro', () => ({ __esModule: true, default: {} }))

const abilities: Ability[] = [
  'navigate',
  'bars',
  'shareButton',
  'storage',
  'identity',
  'fold',
  'invite',
  'enlarge',
]
const given = (entry: Parameters<typeof can>[1]) => abilities.filter(ability => can(ability, entry))
const knownScenes = [1001, crawlerScene, ...Object.values(scenesByWay).flat()]

describe('the abilities of an entry', () => {
  test.each(knownScenes)('of scene %i are all of them, but in Moments only to enlarge pictures', scene => {
    expect(given({ scene, apiCategory: 'default' })).toEqual(scene === momentsScene ? ['enlarge'] : abilities)
    // Older versions report no category.
    expect(given({ scene })).toEqual(scene === momentsScene ? ['enlarge'] : abilities)
  })

  test('in the browse-only category are those of Moments, whatever the scene', () => {
    for (const scene of knownScenes) expect(given({ scene, apiCategory: 'browseOnly' })).toEqual(['enlarge'])
  })

  test.each(['nativeFunctionalized', 'embedded', 'chatTool', 'a category of next year'])(
    'in the category %s lack the share button alone',
    apiCategory => {
      expect(given({ scene: 1001, apiCategory })).toEqual(abilities.filter(one => one !== 'shareButton'))
    },
  )

  test('are all of them for an entry that says nothing, or a scene that nobody knows', () => {
    expect(given({})).toEqual(abilities)
    expect(given({ scene: 99_999 })).toEqual(abilities)
    expect([given(undefined), wayIn()]).toEqual([abilities, 'other'])
  })
})

describe('the way in', () => {
  test('of each scene in the table is the one it is listed under', () => {
    for (const [way, scenes] of Object.entries(scenesByWay)) {
      for (const scene of scenes) expect([scene, wayOf(scene)]).toEqual([scene, way])
    }
    const all = Object.values(scenesByWay).flat()
    expect(new Set(all).size).toBe(all.length)
  })

  // By WeChat's own list (场景值).
  test.each([
    [1007, '单人聊天会话中的小程序消息卡片', 'friend'],
    [1008, '群聊会话中的小程序消息卡片', 'group'],
    [1010, '收藏夹', 'favourites'],
    [1011, '扫描二维码', 'poster'],
    [1012, '长按图片识别二维码', 'poster'],
    [1013, '扫描手机相册中选取的二维码', 'poster'],
    [1036, 'App 分享消息卡片', 'friend'],
    [1044, '带 shareTicket 的小程序消息卡片', 'group'],
    [1047, '扫描小程序码', 'poster'],
    [1048, '长按图片识别小程序码', 'poster'],
    [1049, '扫描手机相册中选取的小程序码', 'poster'],
    [1065, 'URL scheme', 'link'],
    [1096, '聊天记录，打开小程序', 'friend'],
    [1154, '朋友圈内打开“单页模式”', 'moments'],
    [1155, '“单页模式”打开小程序', 'moments'],
    [1158, '群工具打开小程序', 'group'],
    [1160, '群待办', 'group'],
    [1167, 'H5 通过开放标签打开小程序', 'link'],
    [1185, '群公告', 'group'],
    [1194, 'URL Link', 'link'],
  ])('of %i, %s, is %s', (scene, _, way) => expect(wayOf(scene)).toBe(way))

  test('of an unknown or missing scene is 其他, and a crawler has none', () => {
    expect([wayOf(1001), wayOf(99_999), wayOf(undefined)]).toEqual(['other', 'other', 'other'])
    expect(wayOf(crawlerScene)).toBeUndefined()
  })
})

/** What only platform/ may know: numbers of scenes, categories, and how WeChat reports them. */
const ofEntries = /\b(apiCategory|get(Enter|Launch)OptionsSync|browseOnly|1154|1129|1155|1007)\b/

const sourcesUnder = (folder: string): string[] =>
  fs
    .readdirSync(folder, { withFileTypes: true })
    .flatMap(entry =>
      entry.isDirectory()
        ? sourcesUnder(path.join(folder, entry.name))
        : /\.tsx?$/.test(entry.name)
          ? [path.join(folder, entry.name)]
          : [],
    )

const withoutComments = (source: string): string => source.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')

const comparesScenes = (file: string, source: string): boolean =>
  !file.startsWith(path.join('src', 'platform')) && ofEntries.test(withoutComments(source))

test('only platform/ compares scenes; pages and features ask for abilities', () => {
  const files = sourcesUnder('src')
  expect(files.length).toBeGreaterThan(100)
  expect(files.filter(file => comparesScenes(file, fs.readFileSync(file, 'utf8')))).toEqual([])
  // The check finds a comparison, and ignores a comment.
  expect(comparesScenes('src/pages/x.tsx', 'if (scene === 1154) draw()')).toBe(true)
  expect(comparesScenes('src/pages/x.tsx', 'Taro.getEnterOptionsSync()')).toBe(true)
  expect(comparesScenes('src/pages/x.tsx', '// scene 1154\ndraw()')).toBe(false)
})
