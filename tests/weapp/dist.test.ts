import { beforeAll, describe, expect, test } from '@jest/globals'
import { absentGlobals } from '../../config/plugins/lean-runtime'
import { standardArticle } from '../support/standard-article'
import { copyDist, type DistCopy, weappDist } from '../support/weapp-dist'
import { checkConfigFiles } from './checks/config-files'
import { compileOfficially } from './checks/official-compilers'
import { describe as named } from './checks/problem'
import { checkRoutes, findAbsentGlobals, findPrivacyApis, findTooNew, parseScripts } from './checks/scripts'
import { ariaOf, findLostNodes, readTemplates } from './checks/templates'
import { standardCloud } from './measure'
import { createNodeHost, type NodeHost } from './node-host'

/** What the privacy guide of the mini-program names: an API that is not here must not be called. */
const declaredPrivacyApis = ['setClipboardData', 'saveImageToPhotosAlbum']

let dist: string
beforeAll(async () => {
  dist = await weappDist()
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

describe('the build is what WeChat takes', () => {
  test('its own compilers accept every template and style sheet', () => {
    expect(compileOfficially(dist).map(named)).toEqual([])
  })
  test('every script parses on the oldest phones', () => {
    expect(parseScripts(dist).problems.map(named)).toEqual([])
  })
  test('no script calls what the oldest phones do not have', () => {
    expect(findTooNew(parseScripts(dist).scripts).map(named)).toEqual([])
  })
  test('no script reads a browser global that the build leaves out, and one that does is seen', async () => {
    expect(findAbsentGlobals(parseScripts(dist).scripts, absentGlobals).map(named)).toEqual([])
    const found = await planted(
      copy => copy.edit('app.js', text => `${text};location.reload();new URL('a:b')`),
      folder => findAbsentGlobals(parseScripts(folder).scripts, absentGlobals),
    )
    expect(found).toHaveLength(2)
  })
  test('every json file holds documented fields, and every file they name is there', () => {
    expect(checkConfigFiles(dist).map(named)).toEqual([])
  })
  test('every route in the code is a page', () => {
    expect(checkRoutes(dist, parseScripts(dist).scripts).map(named)).toEqual([])
  })
  test('every privacy API in use is one the privacy guide names', () => {
    const used = findPrivacyApis(parseScripts(dist).scripts)
    expect(used.filter(({ api }) => !declaredPrivacyApis.includes(api))).toEqual([])
  })
})

describe('the build draws what the pages say', () => {
  test.each(['pages/home/index', 'pages/article/index'])(
    'every node and attribute of %s has a template',
    async page => {
      const host = await opened(dist, page)
      expect(findLostNodes(readTemplates(dist), await host.tree())).toEqual([])
    },
  )

  test('a mood tells a screen reader what it is, whether it is chosen, and its count', async () => {
    const host = await opened(dist, 'pages/article/index')
    await host.tap('开心')
    const templates = readTemplates(dist)
    const moods = (await host.nodes())
      .map(node => ariaOf(templates, node))
      .filter(it => it['aria-role'] === 'radio')
    expect(moods).toContainEqual({ 'aria-role': 'radio', 'aria-checked': true, 'aria-label': '开心 129' })
    expect(moods).toHaveLength(4)
  })

  test.each(['pages/home/index', 'pages/article/index'])(
    '%s can be sent to a friend and to Moments',
    async page => {
      const host = await opened(dist, page)
      const friend = await host.share('friend')
      const moments = await host.share('moments')
      expect(friend.result).toMatchObject({ title: expect.any(String), path: expect.stringMatching(/^\//) })
      expect(moments.result).toMatchObject({ title: expect.any(String) })
      expect(moments.result).not.toHaveProperty('path')
    },
  )
})

describe('a planted fault is found by file and line', () => {
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
  test('in app.json: a field that is not documented, named with its key', async () => {
    const problems = await planted(
      copy => copy.edit('app.json', text => text.replace(/^\{/, '{\n"lazyLoading":true,')),
      checkConfigFiles,
    )
    expect(problems).toEqual([
      expect.objectContaining({ file: 'app.json', line: 2, message: expect.stringContaining('lazyLoading') }),
    ])
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
  test('in a route', async () => {
    const problems = await planted(
      copy => copy.edit('common.js', text => text.replace('/pages/article/index?', '/pages/artikel/index?')),
      folder => checkRoutes(folder, parseScripts(folder).scripts),
    )
    expect(problems.map(named).join()).toContain('/pages/artikel/index')
  })
})

describe('what is taken out is missed', () => {
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
})
