import { readFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { absentGlobals } from '../../config/plugins/lean-runtime'
import { createNodeHost, type NodeHost } from '../../weapp-host/node-host'
import { pagesOf, readProgram } from '../../weapp-host/program'
import { built } from '../support/app-cloud'
import { previewScene } from '../support/preview-row'
import { standardArticle } from '../support/standard-article'
import { copyDist, type DistCopy, weappDist } from '../support/weapp-dist'
import { checkConfigFiles, checkProject } from './checks/config-files'
import { compileOfficially } from './checks/official-compilers'
import { checkPackages } from './checks/packages'
import { describe as named } from './checks/problem'
import { checkRoutes, findAbsentGlobals, findPrivacyApis, findTooNew, parseScripts } from './checks/scripts'
import { ariaOf, findLostNodes, readTemplates } from './checks/templates'
import { fullCloud } from './full-cloud'
import { standardCloud } from './measure'

/**
 * The APIs that the privacy guide in WeChat's console must name (复制链接 writes to the clipboard, 保存到相册 saves a
 * poster). The code must not call an API that is missing here. An API that the code never calls must not be listed here,
 * because the review asks what it is for.
 */
const declaredPrivacyApis = ['saveImageToPhotosAlbum', 'setClipboardData']

/** How each page can be shared: Moments takes only stories, and the preview of a draft is not passed on. */
const shareHandlers: Record<string, string[]> = {
  'pages/home/index': ['onShareAppMessage'],
  'pages/article/index': ['onShareAppMessage', 'onShareTimeline'],
  'pages/ranking/index': ['onShareAppMessage'],
  'more/channel/index': ['onShareAppMessage'],
  'more/topic/index': ['onShareAppMessage'],
  'pages/shelf/index': ['onShareAppMessage'],
  'more/search/index': ['onShareAppMessage'],
  'more/about/index': ['onShareAppMessage'],
  'more/principles/index': ['onShareAppMessage'],
  'more/lost/index': ['onShareAppMessage'],
  'more/poster/index': ['onShareAppMessage'],
  'more/preview/index': [],
}

/** For each page, how to show everything it can draw: its query, the taps on it, and words that prove it has loaded. */
const filled: Record<string, { query?: Record<string, string>; taps?: string[]; words: string }> = {
  'pages/home/index': { words: '独家策划' },
  'pages/article/index': {
    query: { id: standardArticle.id },
    taps: ['阅读剩余', '开心', '管状蠕虫', '朋友圈'],
    words: '鳞角腹足螺',
  },
  'pages/ranking/index': { words: '50' },
  'pages/shelf/index': { taps: ['看过'], words: standardArticle.title },
  'more/channel/index': { query: { channel: 'earth' }, words: '海洋' },
  'more/topic/index': { query: { id: 'deepsea001' }, words: '没有阳光的城市。' },
  'more/search/index': { query: { q: '深海' }, words: '清除' },
  'more/about/index': { words: '侵权投诉' },
  'more/principles/index': { words: '选题和来源' },
  'more/lost/index': { words: '首页' },
  'more/poster/index': { query: { id: standardArticle.id }, words: '重新生成' },
  'more/preview/index': { query: { scene: previewScene('preview001') }, words: '鳞角腹足螺' },
}

let dist: string
/** The build's scripts, parsed once. */
let parsed: ReturnType<typeof parseScripts>
beforeAll(async () => {
  dist = await weappDist()
  parsed = parseScripts(dist)
}, 180_000)

async function planted<T>(plant: (copy: DistCopy) => void, look: (folder: string) => T): Promise<Awaited<T>> {
  const copy = copyDist(dist)
  try {
    plant(copy)
    return await look(copy.folder)
  } finally {
    copy.remove()
  }
}

async function opened(folder: string, path: string): Promise<NodeHost> {
  const host = await createNodeHost({ dist: folder, cloud: standardCloud() })
  await host.open({ path, query: { id: standardArticle.id }, scene: 1007 })
  return host
}

describe('WeChat accepts the build', () => {
  test('its own compilers accept every template and style sheet', () => {
    expect(compileOfficially(dist).map(named)).toEqual([])
  })
  test('every script parses on the oldest phones', () => {
    expect(parsed.problems.map(named)).toEqual([])
  })
  test('no script calls a function that the oldest phones lack', () => {
    expect(findTooNew(parsed.scripts).map(named)).toEqual([])
  })
  test('no script reads a browser global that the build leaves out, and one that does is reported', async () => {
    expect(findAbsentGlobals(parsed.scripts, absentGlobals).map(named)).toEqual([])
    const found = await planted(
      copy => copy.edit('app.js', text => `${text};location.reload();new URL('a:b')`),
      folder => findAbsentGlobals(parseScripts(folder).scripts, absentGlobals),
    )
    expect(found).toHaveLength(2)
  })
  test('every JSON file holds only documented fields, and every file they name exists', () => {
    expect(checkConfigFiles(dist).map(named)).toEqual([])
  })
  test('both project files name folders that exist, and make WeChat’s tool minify', async () => {
    await built('functions')
    const root = path.resolve(__dirname, '../..')
    expect([dist, root].flatMap(folder => checkProject(folder).map(named))).toEqual([])
  })
  test('every route in the code is a page', () => {
    expect(checkRoutes(dist, parsed.scripts).map(named)).toEqual([])
  })
  test('no package is larger than WeChat accepts', () => {
    expect(checkPackages(dist).map(named)).toEqual([])
  })
  test('the privacy APIs in use are those the privacy guide names', () => {
    const used = findPrivacyApis(parsed.scripts)
    expect(used.map(({ api }) => api).sort()).toEqual(declaredPrivacyApis)
    const steps = readFileSync(path.resolve(__dirname, '../../README.md'), 'utf8')
    expect(steps).toMatch(/用户隐私保护指引[^.]*clipboard[^.]*album/)
  })
})

/** Opens a page as `filled` describes and performs its taps; then everything the page can draw is shown. */
async function fill(folder: string, page: string): Promise<NodeHost> {
  const { query = {}, taps = [], words } = filled[page] ?? { words: 'no page of that name' }
  const host = await createNodeHost({ dist: folder, cloud: fullCloud() })
  if (page === 'pages/shelf/index')
    await host.open({ path: 'pages/article/index', query: { id: standardArticle.id } })
  await host.open({ path: page, query, scene: 1001 })
  for (const tap of taps) {
    await host.tap(node =>
      Object.values(node).some(value => typeof value === 'string' && value.startsWith(tap)),
    )
  }
  for (const selector of ['.related', '.head-title', '.poll']) await host.intersect(selector)
  const shown = JSON.stringify(await host.tree())
  if (!shown.includes(words)) throw new Error(`${page} does not show ${words}`)
  return host
}

const handlersOf = async (folder: string, page: string): Promise<string[]> =>
  (await (await opened(folder, page)).order('handlers')) as string[]

describe('the build draws everything that the pages’ data contains', () => {
  test('`filled` describes every page', () => {
    const pages = pagesOf(readProgram(dist).app).sort()
    expect(Object.keys(shareHandlers).sort()).toEqual(pages)
    expect(Object.keys(filled).sort()).toEqual(pages)
  })

  test.each(Object.keys(filled))('every node and attribute of %s has a template', async page => {
    const host = await fill(dist, page)
    expect(findLostNodes(readTemplates(dist), await host.tree())).toEqual([])
    expect((await host.record()).errors).toEqual([])
  })

  test('a mood tells a screen reader what it is, whether it is chosen, and its count', async () => {
    const host = await opened(dist, 'pages/article/index')
    await host.tap('开心')
    const templates = readTemplates(dist)
    const moods = (await host.nodes())
      .map(node => ariaOf(templates, node))
      .filter(it => it['aria-role'] === 'radio')
    expect(moods).toContainEqual({ 'aria-role': 'radio', 'aria-checked': 'true', 'aria-label': '开心 129' })
    // Unchosen moods say so too: without the attribute a screen reader does not tell that they can be chosen.
    expect(moods.map(mood => mood['aria-checked'])).toEqual(['true', 'false', 'false', 'false'])
  })

  test.each(Object.entries(shareHandlers))('%s can be passed on by %j', async (page, expected) => {
    const handlers = await handlersOf(dist, page)
    expect(handlers.filter(name => name.startsWith('onShare')).sort()).toEqual(expected)
    // With this handler WeChat sends every step of a scroll to the logic thread, for nothing.
    expect(handlers).not.toContain('onPageScroll')
  })

  test('a story can be sent to a friend and to Moments', async () => {
    const host = await opened(dist, 'pages/article/index')
    const friend = await host.share('friend')
    const moments = await host.share('moments')
    expect(friend.result).toMatchObject({ title: expect.any(String), path: expect.stringMatching(/^\//) })
    expect(moments.result).toMatchObject({ title: expect.any(String) })
    expect(moments.result).not.toHaveProperty('path')
  })
})

describe('a planted fault is reported with its file and line', () => {
  test('in WXML', async () => {
    const problems = await planted(
      copy => copy.edit('base.wxml', text => `\n${text.replace('</view>', '')}`),
      compileOfficially,
    )
    expect(problems).toContainEqual(expect.objectContaining({ file: 'base.wxml', line: 2 }))
  })
  test('in WXSS', async () => {
    const problems = await planted(
      copy =>
        copy.edit('pages/article/index.wxss', text => `.sound{color:red}\n.broken{{color:red}\n${text}`),
      compileOfficially,
    )
    expect(problems).toContainEqual(expect.objectContaining({ file: 'pages/article/index.wxss', line: 2 }))
  })
  test('in a style sheet that is imported but not there', async () => {
    const problems = await planted(
      copy => copy.edit('pages/home/index.wxss', text => `@import "./gone.wxss";\n${text}`),
      compileOfficially,
    )
    expect(problems.map(named).join()).toContain('gone.wxss')
  })
  test('in JavaScript', async () => {
    const { problems } = await planted(
      copy => copy.edit('pages/home/index.js', text => `\n\n${text}\nlet let = 1`),
      parseScripts,
    )
    const found = problems.find(problem => problem.file === 'pages/home/index.js')
    expect(found?.line).toBeGreaterThan(2)
  })
  test('in JavaScript newer than the oldest phones', async () => {
    const { problems } = await planted(
      copy => copy.write('new.js', 'var a = 1\nvar b = a ?? 2\n'),
      parseScripts,
    )
    expect(problems).toContainEqual(expect.objectContaining({ file: 'new.js', line: 2 }))
  })
  test('in app.json: malformed', async () => {
    const problems = await planted(
      copy => copy.edit('app.json', text => `${text.slice(0, 10)}\n,,`),
      checkConfigFiles,
    )
    expect(problems).toEqual([expect.objectContaining({ file: 'app.json', line: 2 })])
  })
  test('in app.json: an undocumented field, reported with its key', async () => {
    const problems = await planted(
      copy => copy.edit('app.json', text => text.replace(/^\{/, '{\n"lazyLoading":true,')),
      checkConfigFiles,
    )
    expect(problems).toEqual([
      expect.objectContaining({ file: 'app.json', line: 2, message: expect.stringContaining('lazyLoading') }),
    ])
  })
  test.each([
    [
      'a page that does not exist',
      '"pages/home/index"',
      '"pages/house/index"',
      'pages/house/index does not exist',
    ],
    ['all other pages allowed', '"disallow"', '"allow"', 'the last rule does not forbid all other pages'],
    [
      'a rule that hides the others',
      '"pages/home/index"',
      '"*"',
      'a rule for all pages hides those below it',
    ],
  ])('in sitemap.json: %s', async (_, text, other, message) => {
    const problems = await planted(
      copy => copy.edit('sitemap.json', whole => whole.replace(text, other)),
      checkConfigFiles,
    )
    expect(problems.map(named)).toEqual([`sitemap.json ${message}`])
  })
  test('in app.json: no rules for 搜一搜', async () => {
    const problems = await planted(
      copy =>
        copy.edit('app.json', text =>
          text
            .replace(/"sitemapLocation"/, '"entryPagePath"')
            .replace('"sitemap.json"', '"pages/home/index"'),
        ),
      checkConfigFiles,
    )
    expect(problems.map(named).join()).toContain('搜一搜 may index every page')
  })
  test('in a page: no title', async () => {
    const problems = await planted(
      copy =>
        copy.edit('more/about/index.json', text =>
          text.replace(/"navigationBarTitleText":"[^"]*",?/, '').replace(',}', '}'),
        ),
      checkConfigFiles,
    )
    expect(problems.map(named)).toEqual(['more/about/index.json has no title of its own'])
  })
  test('in app.json: a page that was not built', async () => {
    const problems = await planted(
      copy =>
        copy.edit('app.json', text =>
          text.replace('"pages/home/index"', '"pages/gone/index","pages/home/index"'),
        ),
      checkConfigFiles,
    )
    expect(problems.map(named).join()).toContain('pages/gone/index.js is missing')
  })
  test('in theme.json: a colour that only one mode has', async () => {
    const problems = await planted(
      copy => copy.edit('theme.json', text => text.replace(/"light"\s*:\s*\{/, '$&"onlyLight":"#FFFFFF",')),
      checkConfigFiles,
    )
    expect(problems.map(named)).toContain('theme.json dark lacks onlyLight')
  })
  test('in the tab bar: a border that is white in dark mode', async () => {
    const problems = await planted(copy => {
      copy.edit('app.json', text => text.replace(/"borderStyle"\s*:\s*"black"/, '"borderStyle":"@line"'))
      copy.edit('theme.json', text =>
        text.replace(/"(light|dark)"\s*:\s*\{/g, (whole, mode) =>
          mode === 'dark' ? `${whole}"line":"white",` : `${whole}"line":"black",`,
        ),
      )
    }, checkConfigFiles)
    expect(problems.map(named).join()).toContain('tabBar.borderStyle: is white in dark mode')
  })
  test.each(['minified', 'minifyWXML', 'minifyWXSS'])('in the project file: %s is off', async key => {
    const problems = await planted(
      copy =>
        copy.edit('project.config.json', text =>
          text.replace(new RegExp(`("${key}"\\s*:\\s*)true`), '$1false'),
        ),
      checkProject,
    )
    expect(problems.map(named).join()).toContain(`setting.${key}: must be on`)
  })
  test('in the project file: a folder that does not exist', async () => {
    const problems = await planted(
      copy =>
        copy.edit('project.config.json', text =>
          text.replace('{', '{"cloudfunctionRoot":"dist/cloudfunctions",'),
        ),
      checkProject,
    )
    expect(problems.map(named).join()).toContain('cloudfunctionRoot: dist/cloudfunctions does not exist')
  })
  test('in a page’s JSON: an undocumented field', async () => {
    const problems = await planted(
      copy =>
        copy.edit('pages/article/index.json', text => text.replace(/^\{/, '{"enableShareTimeline":true,')),
      checkConfigFiles,
    )
    expect(problems.map(named).join()).toContain('pages/article/index.json:1 enableShareTimeline')
  })
  test('in the icons of the tab bar', async () => {
    const problems = await planted(
      copy => copy.edit('theme.json', text => text.replace('assets/tab/home.png', 'assets/tab/hone.png')),
      checkConfigFiles,
    )
    expect(problems.map(named).join()).toContain('hone.png is missing')
  })
  test('in a call that the oldest phones lack', async () => {
    const problems = await planted(
      copy => copy.write('new.js', 'var a = "b"\na.replaceAll("b", "c")\n'),
      folder => findTooNew(parseScripts(folder).scripts),
    )
    expect(problems).toEqual([expect.objectContaining({ file: 'new.js', line: 2 })])
  })
  test('in a privacy API that is not declared', async () => {
    const used = await planted(
      copy => copy.edit('pages/home/index.js', text => `${text};wx.getLocation({})`),
      folder => findPrivacyApis(parseScripts(folder).scripts),
    )
    expect(used).toContainEqual({ api: 'getLocation', file: 'pages/home/index.js' })
  })
  test('in the size of one package, and of all packages', async () => {
    const twoMegabytes = 'x'.repeat(2 * 1024 * 1024)
    const problems = await planted(copy => copy.write('more/large.js', twoMegabytes), checkPackages)
    expect(problems.map(named)).toEqual([expect.stringMatching(/package more has 2\d{6} bytes/)])
    const many = await planted(copy => {
      for (let i = 0; i < 15; i++) copy.write(`more/large${i}.js`, twoMegabytes)
    }, checkPackages)
    expect(many.map(named).join()).toContain('package all has 3')
  })
  test('in a node without a template', async () => {
    const lost = await planted(
      // The carousel's template: without it nothing is drawn in its place.
      copy =>
        copy.edit('base.wxml', text =>
          text.replace(/<template name="tmpl_0_75">/, '<template name="tmpl_0_x">'),
        ),
      async folder =>
        findLostNodes(readTemplates(folder), await (await fill(folder, 'pages/home/index')).tree()),
    )
    expect(lost).toEqual(['no template 75'])
  })
  test('in a route', async () => {
    const problems = await planted(
      copy => copy.edit('common.js', text => text.replace('/pages/article/index?', '/pages/artikel/index?')),
      folder => checkRoutes(folder, parseScripts(folder).scripts),
    )
    expect(problems.map(named).join()).toContain('/pages/artikel/index')
  })
})

describe('a part removed from the build is missed', () => {
  const article = 'pages/article/index'

  test('the template half of an aria attribute', async () => {
    const lost = await planted(
      copy => copy.edit('base.wxml', text => text.replace(/ aria-checked="\{\{i\.p\d+\}\}"/g, '')),
      async folder => findLostNodes(readTemplates(folder), await (await opened(folder, article)).tree()),
    )
    expect(lost.join()).toContain('does not read')
  })
  test('the runtime half of an aria attribute', async () => {
    const lost = await planted(
      copy => copy.edit('app.js', text => text.replace('"aria-checked":""', '"aria-gone":""')),
      async folder => {
        const host = await opened(folder, article)
        const templates = readTemplates(folder)
        const radios = (await host.nodes()).filter(node => ariaOf(templates, node)['aria-role'] === 'radio')
        return [...findLostNodes(templates, await host.tree()), ...(radios.length === 4 ? [] : ['no radios'])]
      },
    )
    expect(lost).not.toEqual([])
  })
  test('a share hook call', async () => {
    const result = await planted(
      copy => copy.edit(`${article}.js`, text => text.replace(/\.useShareTimeline\)\(/, '.useDidShow)(')),
      async folder =>
        (await (await opened(folder, article)).share('moments').catch(() => ({ result: null }))).result,
    )
    expect(result).not.toMatchObject({ query: expect.any(String) })
  })
  test.each(
    Object.entries(shareHandlers).flatMap(([page, names]) => names.map(name => [name, page] as const)),
  )('the call that registers %s of %s', async (name, page) => {
    const hook = name.replace(/^on/, 'use')
    const handlers = await planted(
      copy => {
        // Imitates a build without the call: the hook and the mark that Taro leaves for it in the page's config are
        // both gone.
        copy.edit(`${page}.js`, text =>
          text
            .replace(new RegExp(`\\.${hook}\\)\\(`), '.useDidShow)(')
            .replaceAll(name.replace(/^on/, 'enable'), 'enableNothing'),
        )
      },
      folder => handlersOf(folder, page),
    )
    expect(handlers).not.toContain(name)
  })
})
