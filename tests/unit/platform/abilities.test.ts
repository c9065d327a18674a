import fs from 'node:fs'
import path from 'node:path'
import { type Ability, can } from '#platform/abilities'
import { crawlerScene, momentsScene, scenesByWay, wayOf } from '#platform/scenes'

// Taro's package is ESM, which jest cannot require.
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
