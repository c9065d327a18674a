import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { channels, filings } from '#site'
import { documentFacts, editorKeyIn, localFacts, repositoryFacts } from '../../../deploy/doctor/facts'
import { type Facts, judge } from '../../../deploy/doctor/judge'
import { privacyApis } from '../../../deploy/doctor/privacy'
import type { Step } from '../../../deploy/plan'
import { readSettings } from '../../../deploy/settings'
import { fakeDocuments } from './fake-documents'

const hour = 3_600_000
const now = Date.UTC(2026, 10, 27)

/** A live mini-program with nothing left to do. */
const well: Facts = {
  environment: 'kepu-0g12',
  isLocal: false,
  node: { version: 'v22.16.0', wanted: '^22.16', fits: true },
  appid: 'wx0123456789abcdef',
  unreachable: null,
  usesOpa: false,
  steps: [],
  missing: null,
  guestsMayCall: null,
  anonymousLogin: true,
  lastTick: now - hour,
  hasDocuments: true,
  now,
  salt: { found: 'aa', known: 'aa' },
  hasEditorKeys: true,
  hasMiniCodes: true,
  privacy: [],
  channels: ['前沿'],
  icp: '京ICP备12345678号-1',
  webDomain: 'kepu.example.cn',
}
/** The same for a local cloud with two functions that are not built. */
const local: Facts = {
  ...well,
  ...{ isLocal: true, usesOpa: null, steps: null, anonymousLogin: null, guestsMayCall: true },
  missing: { collections: [], functions: ['clock', 'web'], timers: ['clock'] },
}
const verdicts = (facts: Facts, wanted: string) =>
  judge(facts)
    .filter(({ verdict }) => verdict === wanted)
    .map(({ about }) => about)

test('finds nothing to mend where all is well, and lists what only a person can see', () => {
  expect(verdicts(well, 'mend')).toEqual([])
  expect(verdicts(well, 'look')).toEqual(['未登录访问', 'category', 'AI and algorithms'])
})

const rule: Step = { do: 'set-collection-rule', name: 'votes', rule: 'ADMINONLY' }
const index: Step = {
  do: 'create-index',
  collection: 'votes',
  index: { name: 'changed', fields: [{ field: 'kind', direction: 1 }], unique: false },
}

test.each<[about: string, changes: Partial<Facts>, says: RegExp, next: RegExp]>([
  ['node', { node: { ...well.node, fits: false } }, /is not \^22/, /install Node/],
  ['appid', { appid: 'touristappid' }, /not set/, /project\.config\.json/],
  ['environment', { unreachable: 'AuthFailure' }, /AuthFailure/, /^$/],
  ['gateway', { usesOpa: true }, /authz_engine=opa/, /another environment/],
  ['rules', { steps: [rule] }, /rule of the collection votes/, /npm run deploy/],
  ['indexes', { steps: [index, index] }, /the index changed of votes.*and 1 more/, /npm run deploy/],
  ['collections', { steps: [{ do: 'create-collection', name: 'votes' }] }, /votes/, /npm run deploy/],
  ['web', { steps: [{ do: 'enable-hosting' }] }, /hosting/, /npm run deploy/],
  ['clock', { lastTick: null }, /never ticked/, /timer tick/],
  ['clock', { lastTick: now - 2 * hour }, /last worked 2 hours ago/, /timer tick/],
  ['salt', { salt: { found: 'bb', known: 'aa' } }, /has changed/, /--salt-from/],
  ['openapi', { hasMiniCodes: false }, /-604101/, /上传并部署/],
  ['EDITOR_KEYS', { hasEditorKeys: false }, /no editor has a key/, /EDITOR_KEYS/],
  [
    'functions',
    { steps: [{ do: 'release', function: 'editor', mark: 'a' }] },
    /^not done: .*editor/,
    /deploy/,
  ],
  ['anonymous login', { anonymousLogin: false }, /off/, /匿名登录/],
  ['ICP', { icp: '京ICP备00000000号-1' }, /no ICP number/, /src\/site\.ts/],
  ['ICP', { icp: '' }, /no ICP number/, /src\/site\.ts/],
  ['domain', { webDomain: '' }, /rate limited/, /webDomain/],
  ['未登录访问', { guestsMayCall: false }, /guests are refused/, /权限设置/],
])('says of %s what is wrong and what to do', (about, changes, says, next) => {
  const lines = judge({ ...well, ...changes })
  expect(lines.filter(({ verdict }) => verdict === 'mend').map(line => line.about)).toEqual([about])
  const line = lines.find(one => one.about === about)
  expect(line?.says).toMatch(says)
  expect(line?.next ?? '').toMatch(next)
})

test('a clock that is at work has worked just now, not in a minute that has not come', () => {
  const line = judge({ ...well, lastTick: now + 60_000 }).find(({ about }) => about === 'clock')
  expect(line).toMatchObject({ verdict: 'ok', says: expect.stringMatching(/^last worked just now/) })
})

test('a machine that has not seen the salt before takes it as it is', () => {
  expect(verdicts({ ...well, salt: { found: 'aa', known: null } }, 'mend')).toEqual([])
})

test('remembers the salt that an environment had first, so that a change is found', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'salts-'))
  const { documents, rows, close } = await fakeDocuments('cloud://old.bucket/')
  try {
    for (const name of ['rankings', 'settings', 'previews']) rows.set(name, new Map())
    const saltOf = async (salt: string, environment: string) => {
      rows.get('settings')?.set('identity', { _id: 'identity', salt })
      return (await documentFacts(documents, environment, path.join(folder, 'salts.json'))).salt
    }
    await saltOf('of a third', 'three')
    // An environment that nobody has voted in yet has none, and takes none from the others.
    rows.get('settings')?.clear()
    const unmade = await documentFacts(documents, 'one', path.join(folder, 'salts.json'))
    expect(unmade.salt).toEqual({ found: null, known: null })
    expect((await saltOf('another', 'three')).known).not.toBeNull()
    expect(verdicts({ ...well, salt: await saltOf('another', 'three') }, 'mend')).toEqual(['salt'])
    const first = await saltOf('first', 'one')
    expect(first).toEqual({ found: expect.stringMatching(/^[0-9a-f]{64}$/), known: first.found })
    await saltOf('of another', 'two')
    const later = await saltOf('later', 'one')
    expect(later.known).toBe(first.found)
    expect(verdicts({ ...well, salt: later }, 'mend')).toEqual(['salt'])
  } finally {
    close()
    rmSync(folder, { recursive: true })
  }
})

test('asks for a person where no tool can see it', () => {
  const unseen = { ...well, salt: { found: null, known: null }, hasMiniCodes: null }
  expect(verdicts(unseen, 'look')).toEqual(expect.arrayContaining(['salt', 'openapi']))
  const privacy = [{ api: 'setClipboardData', declares: '剪切板' }]
  expect(judge({ ...well, privacy }).find(({ about }) => about === 'privacy')?.next).toContain('剪切板')
})

test('finds every API of the source that the privacy guide must declare', () => {
  expect(privacyApis('src').map(({ api }) => api)).toContain('setClipboardData')
})

test('everything is told in the order in which one would mend it', () => {
  const told = (facts: Facts) => judge(facts).map(({ about, verdict }) => `${about} ${verdict}`)
  const ofCloud = ['collections', 'rules', 'indexes', 'models', 'functions', 'timers', 'web']
  expect(told(well)).toEqual([
    ...['node ok', 'environment ok', 'gateway ok', ...ofCloud.map(about => `${about} ok`)],
    ...['未登录访问 look', 'anonymous login ok', 'clock ok', 'salt ok', 'openapi ok', 'EDITOR_KEYS ok'],
    ...['appid ok', 'category look', 'AI and algorithms look', 'ICP ok', 'domain ok'],
  ])
  expect(told(local)).toEqual([
    ...['node ok', 'environment ok', 'collections ok', 'functions mend', 'timers mend', '未登录访问 ok'],
    ...['clock ok', 'salt ok', 'openapi ok', 'EDITOR_KEYS ok'],
  ])
  // What cannot be read is not judged.
  const unread = {
    ...well,
    unreachable: 'no credentials',
    privacy: [{ api: 'getLocation', declares: '位置信息' }],
  }
  expect(told(unread)).toEqual([
    ...['node ok', 'environment mend', 'appid ok', 'privacy look', 'category look', 'AI and algorithms look'],
    ...['ICP ok', 'domain ok'],
  ])
  expect(told({ ...local, hasDocuments: false, hasEditorKeys: null }).slice(-2)).toEqual([
    'timers mend',
    '未登录访问 ok',
  ])
})

test.each<[about: string, changes: Partial<Facts>, says: string, next: string]>([
  ['functions', {}, 'missing: clock, web', 'npm run build, then start the local cloud again'],
  [
    '未登录访问',
    { guestsMayCall: false },
    'guests are refused: readers in Moments see nothing',
    'start without --no-unauthenticated-access',
  ],
  [
    'clock',
    { lastTick: null },
    'has never ticked',
    'npm run cloud -- fire clock; npm run cloud -- logs --function clock',
  ],
  [
    'openapi',
    { hasMiniCodes: false },
    'WeChat refuses mini-codes (-604101: the permission is not granted)',
    'permissions.openapi of cloudfunctions/editor/config.json must name wxacode.getUnlimited',
  ],
])('of a local cloud, %s says what to do there', (about, changes, says, next) => {
  const line = judge({ ...local, ...changes }).find(one => one.about === about)
  expect(line).toEqual({ about, verdict: 'mend', says, next })
})

test.each([
  [89_999, 'ok', 'just now'],
  [90_000, 'ok', '2 minutes ago'],
  [75 * 60_000, 'ok', '75 minutes ago'],
  [75 * 60_000 + 1, 'mend', '75 minutes ago'],
  [119 * 60_000, 'mend', '119 minutes ago'],
  [120 * 60_000, 'mend', '2 hours ago'],
  [151 * 60_000, 'mend', '3 hours ago'],
])('a clock that last worked %i ms ago is %s: %s', (silence, verdict, ago) => {
  const line = judge({ ...well, lastTick: now - silence }).find(({ about }) => about === 'clock')
  expect(line).toMatchObject({ verdict, says: expect.stringContaining(`last worked ${ago}`) })
})

test('privacy: each kind of data is named once, and every API', () => {
  const privacy = [
    { api: 'chooseLocation', declares: '位置信息' },
    { api: 'getLocation', declares: '位置信息' },
    { api: 'setClipboardData', declares: '剪切板' },
  ]
  expect(judge({ ...well, privacy }).find(({ about }) => about === 'privacy')).toMatchObject({
    verdict: 'look',
    says: 'the source calls chooseLocation, getLocation, setClipboardData',
    next: expect.stringContaining('declare 位置信息、剪切板;'),
  })
})

test('APIs are found in the pages’ source, not in that of the site', () => {
  const home = mkdtempSync(path.join(tmpdir(), 'privacy-'))
  // The repository may lie in a folder of this name.
  const folder = path.join(home, 'web/src')
  const put = (file: string, text: string) => {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true })
    writeFileSync(path.join(folder, file), text)
  }
  try {
    put('pages/a.tsx', 'Taro.getLocation(); Taro.setClipboardData()')
    put('pages/deep/b.ts', 'setClipboardData(); mychooseImage(); chooseImages()')
    put('pages/c.h5.ts', 'chooseImage()')
    put('web/d.ts', 'chooseImage()')
    put('notes.md', 'chooseImage()')
    expect(privacyApis(folder)).toEqual([
      { api: 'getLocation', declares: '位置信息' },
      { api: 'setClipboardData', declares: '剪切板' },
    ])
  } finally {
    rmSync(home, { recursive: true })
  }
})

test('every API that the checks of the build know is one that the doctor tells of, with what it touches', () => {
  const home = mkdtempSync(path.join(tmpdir(), 'privacy-'))
  const touched: Record<string, string> = {
    chooseLocation: '位置信息',
    getFuzzyLocation: '位置信息',
    saveImageToPhotosAlbum: '相册（仅写入）权限',
    getClipboardData: '剪切板',
    chooseMedia: '选中的照片或视频信息',
    chooseMessageFile: '选中的文件',
    getRecorderManager: '麦克风',
    createCameraContext: '摄像头',
    chooseAddress: '通讯地址',
    addPhoneContact: '通讯录（仅写入）权限',
    chooseContact: '通讯录权限',
    getWeRunData: '微信运动数据',
    openBluetoothAdapter: '蓝牙',
  }
  try {
    writeFileSync(path.join(home, 'a.ts'), Object.keys(touched).join('();\n'))
    const found = privacyApis(home)
    expect(Object.fromEntries(found.map(({ api, declares }) => [api, declares]))).toEqual(touched)
    expect(found.map(({ api }) => api)).toEqual(Object.keys(touched).sort())
  } finally {
    rmSync(home, { recursive: true })
  }
})

test('what a clone says of itself leaves open what only an environment can say', () => {
  const settings = { ...readSettings(undefined, { KEPU_ENV_ID: 'env' }), webDomain: 'kepu.cn' }
  const facts = repositoryFacts(settings, now)
  const { appid } = JSON.parse(readFileSync('project.config.json', 'utf8'))
  expect(facts).toMatchObject({
    ...{ environment: 'env', isLocal: false, now, webDomain: 'kepu.cn', appid },
    node: { version: process.version, wanted: expect.stringContaining('^20'), fits: true },
    channels: Object.values(channels).map(({ label }) => label),
    icp: filings.icp,
  })
  const unseen = Object.entries(facts).flatMap(([name, value]) => (value === null ? [name] : []))
  expect(unseen.sort()).toEqual(
    [
      ...['unreachable', 'usesOpa', 'steps', 'missing', 'guestsMayCall', 'anonymousLogin', 'lastTick'],
      ...['hasEditorKeys', 'hasMiniCodes'],
    ].sort(),
  )
  expect(facts.salt).toEqual({ found: null, known: null })
  expect(facts.privacy.map(({ api }) => api)).toContain('setClipboardData')
})

test('the key of the panel is the given one, or the one that npm start made, also if an editor saved its file', () => {
  const home = mkdtempSync(path.join(tmpdir(), 'keys-'))
  try {
    expect(editorKeyIn(home, {})).toBeNull()
    writeFileSync(path.join(home, 'editor.key'), 'made-by-start\n')
    expect(editorKeyIn(home, {})).toBe('made-by-start')
    expect(editorKeyIn(home, { KEPU_EDITOR_KEY: '' })).toBe('made-by-start')
    expect(editorKeyIn(home, { KEPU_EDITOR_KEY: 'given' })).toBe('given')
  } finally {
    rmSync(home, { recursive: true })
  }
})

describe('a running local cloud says', () => {
  const declared = ['clock', 'content', 'editor', 'reactions', 'sharing', 'web']
  const indexes = JSON.parse(readFileSync('cloudfunctions/rules/indexes.json', 'utf8'))
  /** What its control surface answers, and the calls of `content` that it got. */
  async function factsOf(changes: Record<string, unknown> = {}, status = 200, key: string | null = 'key') {
    const calls: unknown[] = []
    const server = createServer(async (request, response) => {
      let body = ''
      for await (const chunk of request) body += chunk
      calls.push([request.method, request.url, request.headers.authorization, JSON.parse(body)])
      response.writeHead(status).end('{}')
    })
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
    const { port } = server.address() as { port: number }
    const asked: Record<string, unknown> = {}
    const answers: Record<string, unknown> = {
      collections: Object.keys(indexes),
      functions: declared.map(name => ({ name })),
      timers: [{ functionName: 'clock' }],
      'sign-in': { token: 'of a guest' },
      invoke: { result: { lines: ['没有这个操作'] } },
      ...changes,
    }
    try {
      const facts = await localFacts(
        `http://127.0.0.1:${port}`,
        async (command, body) => {
          asked[command] = body
          return answers[command]
        },
        key,
      )
      return { facts, calls, asked }
    } finally {
      server.closeAllConnections()
      server.close()
    }
  }
  const nothing = { collections: [], functions: [], timers: [] }

  test('that all is there, that a guest may read, and that the key opens the panel', async () => {
    const { facts, calls, asked } = await factsOf()
    expect(facts).toEqual({ missing: nothing, guestsMayCall: true, hasEditorKeys: true })
    const read = { action: 'readFeed', data: {} }
    expect(calls).toEqual([['POST', '/v1/functions/content', 'Bearer of a guest', read]])
    expect(asked['sign-in']).toEqual({ kind: 'guest' })
    expect(asked.invoke).toMatchObject({ name: 'editor', event: { key: 'key' }, source: null })
  })

  test('what it lacks of each kind: a timer only of a function that has one', async () => {
    const collections = Object.keys(indexes).filter(name => name !== 'votes')
    const some = { collections, functions: [{ name: 'clock' }], timers: [] }
    const { facts } = await factsOf(some)
    expect(facts.missing).toEqual({
      collections: ['votes'],
      functions: declared.filter(name => name !== 'clock'),
      timers: ['clock'],
    })
  })

  test('that guests are refused, that a key is wrong, or that no key is known', async () => {
    expect((await factsOf({}, 403)).facts.guestsMayCall).toBe(false)
    const refused = { invoke: { result: { lines: ['没有权限：编辑口令不对'] } } }
    expect((await factsOf(refused)).facts.hasEditorKeys).toBe(false)
    expect((await factsOf(refused, 200, null)).facts.hasEditorKeys).toBeNull()
    expect((await factsOf({ invoke: { result: { lines: [] } } })).facts.hasEditorKeys).toBe(true)
  })
})

test('the documents say when the clock worked, and whether previews have mini-codes', async () => {
  const { documents, rows, close } = await fakeDocuments('cloud://old.bucket/')
  try {
    for (const name of ['rankings', 'settings', 'previews']) rows.set(name, new Map())
    const facts = () => documentFacts(documents, 'one', null)
    const nothing = { hasDocuments: true, lastTick: null, salt: { found: null, known: null } }
    expect(await facts()).toEqual({ ...nothing, hasMiniCodes: null })
    rows.get('rankings')?.set('clock', { _id: 'clock', leasedUntil: new Date(5) })
    rows.get('previews')?.set('a', { _id: 'a' })
    expect(await facts()).toEqual({ ...nothing, lastTick: 5, hasMiniCodes: false })
    rows.get('previews')?.set('b', { _id: 'b', code: 'cloud://code.png' })
    rows.get('rankings')?.set('clock', { _id: 'clock', leasedUntil: new Date(0) })
    expect(await facts()).toEqual({ ...nothing, hasMiniCodes: true })
  } finally {
    close()
  }
})
