import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { CloudApi } from '../../../deploy/cloud-api'
import { manualSteps } from '../../../deploy/manual-steps'
import { collectionNames, readRoutes, readState, readVersions } from '../../../deploy/read-state'
import { readSecrets } from '../../../deploy/secrets'
import { readSettings } from '../../../deploy/settings'
import { canonicalJson } from '../../../deploy/state'
import { readTarget } from '../../../deploy/target'
import { fakeEnvironment } from './fake-environment'
import { sampleTarget } from './sample-target'

let root: string
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'target-'))
})
afterEach(() => rmSync(root, { recursive: true }))

function put(file: string, content: unknown): void {
  const full = path.join(root, file)
  mkdirSync(path.dirname(full), { recursive: true })
  writeFileSync(full, typeof content === 'string' ? content : JSON.stringify(content))
}

const settings = {
  ...readSettings(undefined, { KEPU_ENV_ID: 'env' }),
  memory: { default: 512 as const, web: 1024 as const },
}
const route = {
  ...{ Path: '/', UpstreamResourceType: 'SCF', UpstreamResourceName: 'web', EnablePathTransmission: true },
  ...{ EnableAuth: false, EnableSafeDomain: false },
}

/** A small repository, built. */
function layRepository(): void {
  const rules = 'cloudfunctions/rules'
  put(`${rules}/database.json`, { '*': 'ADMINONLY', notices: 'READONLY' })
  put(`${rules}/indexes.json`, {
    notices: [{ name: 'at', fields: [{ field: 'at', direction: -1 }] }],
    votes: [],
  })
  put(`${rules}/functions.json`, { '*': { invoke: false } })
  put(`${rules}/storage.json`, { read: true, write: false })
  put(`${rules}/http.json`, { Routes: [route] })
  put(`${rules}/models/topics.json`, { title: '专题', properties: {} })
  put(`${rules}/models/drafts.json`, { title: '稿件', properties: {}, more: 1 })
  put(`${rules}/models/README.md`, '')
  const trigger = { name: 'tick', type: 'timer', config: '0 * * * * * *' }
  const configs = {
    clock: { timeout: 60, triggers: [trigger] },
    editor: { permissions: { openapi: ['wxacode.getUnlimited'] } },
    web: {},
  }
  for (const [name, config] of Object.entries(configs)) {
    put(`cloudfunctions/${name}/index.ts`, '')
    put(`cloudfunctions/${name}/config.json`, config)
    put(`dist/cloudfunctions/${name}/index.js`, name)
  }
  put('cloudfunctions/shared/cloud.ts', '')
  put('dist/web/assets/b.js', 'b')
  put('dist/web/a.txt', 'a')
  put('dist/weapp/app.json', '{}')
  put('project.config.json', { appid: 'wx1', more: true })
}

test('what should be in an environment is read from the rules, the configurations and the builds', () => {
  layRepository()
  const target = readTarget(root, settings, { EDITOR_KEYS: '{}', OTHER: 'x' })
  const digests = target.functions.map(({ digest }) => digest)
  const standard = {
    runtime: 'Nodejs18.15',
    memory: 512,
    timeout: 3,
    variables: {},
    triggers: [],
    openapi: [],
  }
  const fn = (name: string, more: object) => ({
    ...standard,
    ...{
      name,
      folder: path.join(root, 'dist/cloudfunctions', name),
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
    },
    ...more,
  })
  expect(target).toEqual({
    collections: [
      {
        name: 'notices',
        rule: 'READONLY',
        indexes: [{ name: 'at', fields: [{ field: 'at', direction: -1 }], unique: false }],
      },
      { name: 'votes', rule: 'ADMINONLY', indexes: [] },
    ],
    functionRule: { '*': { invoke: false } },
    storageRule: { read: true, write: false },
    models: [
      {
        name: 'drafts',
        title: '稿件',
        schema: { title: '稿件', properties: {}, more: 1 },
        digest: expect.any(String),
      },
      {
        name: 'topics',
        title: '专题',
        schema: { title: '专题', properties: {} },
        digest: expect.any(String),
      },
    ],
    functions: [
      fn('clock', { timeout: 60, triggers: [{ name: 'tick', type: 'timer', config: '0 * * * * * *' }] }),
      fn('editor', { variables: { EDITOR_KEYS: '{}' }, openapi: ['wxacode.getUnlimited'] }),
      fn('web', { memory: 1024 }),
    ],
    routes: [route],
    hosting: {
      folder: path.join(root, 'dist/web'),
      // MD5 of the two files.
      files: {
        'a.txt': '0cc175b9c0f1b6a831c399e269772661',
        'assets/b.js': '92eb5ffee6ae2fec3ad71c777531578f',
      },
    },
    app: {
      ...{ appid: 'wx1', folder: path.join(root, 'dist/weapp'), version: settings.app.version, robot: 1 },
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
    },
  })
  expect(new Set(digests).size).toBe(3)
  // A plan is made without the mini-program's build, which takes the longest.
  rmSync(path.join(root, 'dist/weapp'), { recursive: true })
  expect(readTarget(root, settings, {}).app.digest).toBe('')
  const memories = readTarget(root, { ...settings, memory: { web: 128 } }, {}).functions
  expect(memories.map(({ memory }) => memory)).toEqual([256, 256, 128])
  // A folder without an entry is no function, whatever else it holds.
  put('cloudfunctions/shared/config.json', {})
  expect(readTarget(root, settings, {}).functions).toHaveLength(3)
  expect(readTarget(root, settings, {}).functions[1]?.variables).toEqual({})
})

test('a digest changes with the text and the name of every built file, and with nothing else', () => {
  layRepository()
  const digestOf = () => readTarget(root, settings, {}).functions[0]?.digest
  const before = digestOf()
  put('dist/cloudfunctions/editor/index.js', 'other')
  expect(digestOf()).toBe(before)
  const seen = new Set([before])
  put('dist/cloudfunctions/clock/more/data.json', 'x')
  seen.add(digestOf())
  put('dist/cloudfunctions/clock/more/data.json', 'y')
  seen.add(digestOf())
  rmSync(path.join(root, 'dist/cloudfunctions/clock/more/data.json'))
  put('dist/cloudfunctions/clock/more/other.json', 'y')
  seen.add(digestOf())
  expect(seen.size).toBe(4)
})

test('an empty environment can be planned for without any build', () => {
  layRepository()
  rmSync(path.join(root, 'dist'), { recursive: true })
  const { functions, hosting, app } = readTarget(root, settings, {}, false)
  expect([functions[0]?.digest, hosting.files, app.digest]).toEqual(['', null, ''])
})

test('this repository opens to clients what readers need, and gives each function what it needs', () => {
  const here = path.resolve(__dirname, '../../..')
  const own = readSettings(undefined, { KEPU_ENV_ID: 'env' })
  const { collections, functionRule, storageRule, functions, routes, models } = readTarget(
    here,
    own,
    {},
    false,
  )
  expect(new Set(collections.map(({ rule }) => rule))).toEqual(new Set(['ADMINONLY']))
  const open = Object.entries(functionRule).filter(([, { invoke }]) => invoke !== false)
  expect(open).toEqual(['content', 'reactions', 'sharing'].map(name => [name, { invoke: true }]))
  for (const { name } of functions) expect(Object.keys(functionRule)).toContain(name)
  expect(functionRule['*']).toEqual({ invoke: false })
  // Pictures are read at their public addresses; only functions write.
  expect(storageRule).toEqual({ read: true, write: false })
  const openapi = ['wxacode.getUnlimited']
  const triggers = [{ name: 'tick', type: 'timer', config: '0 */2 * * * * *' }]
  const needs = functions.map(one => [one.name, one.timeout, one.triggers, one.openapi])
  expect(needs).toEqual([
    ['clock', 60, triggers, []],
    ['content', 5, [], []],
    ['editor', 20, [], openapi],
    ['reactions', 10, [], []],
    ['sharing', 5, [], openapi],
    ['web', 5, [], []],
  ])
  // Rendering a long story needs more than reading it.
  for (const { name, memory } of functions) expect(memory).toBeGreaterThanOrEqual(name === 'web' ? 512 : 256)
  expect(models.map(({ name, title }) => [name, title])).toEqual([
    ['drafts', '稿件'],
    ['polls', '云投'],
    ['summaries', '每日小结'],
    ['topics', '专题'],
  ])
  const served = routes.map(one => [one.Path, one.UpstreamResourceType, one.UpstreamResourceName])
  expect(served).toEqual([
    ['/', 'SCF', 'web'],
    ['/assets', 'STATIC_STORE', 'staticstore'],
    ['/pictures', 'STATIC_STORE', 'staticstore'],
  ])
  // Without the path, every address would be the same page and every file the same one.
  for (const one of routes) expect(one).toMatchObject({ EnablePathTransmission: true, EnableAuth: false })
})

test.each<[file: string, content: string, says: RegExp]>([
  ['cloudfunctions/rules/database.json', '{', /database\.json cannot be read as JSON/],
  ['cloudfunctions/rules/database.json', '{"votes":"ADMINONLY"}', /database\.json: \* /],
  [
    'cloudfunctions/rules/http.json',
    '{"Routes":[{"Path":"/"}]}',
    /http\.json: Routes\.0\.UpstreamResourceType /,
  ],
  ['cloudfunctions/clock/config.json', '{"timeout":"60"}', /clock\/config\.json: timeout /],
  [
    'cloudfunctions/clock/config.json',
    '{"triggers":[{"name":"a","type":"cos","config":""}]}',
    /triggers\.0\.type /,
  ],
])('a malformed %s is named: %s', (file, content, says) => {
  layRepository()
  put(file, content)
  expect(() => readTarget(root, settings, {})).toThrow(says)
})

test('equal values have equal text, whatever the order of their keys; other values do not', () => {
  expect(canonicalJson({ b: [{ d: 1, c: 2 }], a: null })).toBe('{"a":null,"b":[{"c":2,"d":1}]}')
  for (const keys of ['abcd', 'dcba', 'bdac', 'cadb'])
    expect(canonicalJson(Object.fromEntries([...keys].map(key => [key, 1])))).toBe(
      '{"a":1,"b":1,"c":1,"d":1}',
    )
  expect(canonicalJson([2, 1])).toBe('[2,1]')
  expect(canonicalJson('a')).toBe('"a"')
})

describe('what is in an environment', () => {
  const where = { envId: 'env', webDomain: '', app: null }

  test('many collections are read in several requests', async () => {
    const { api, environment } = fakeEnvironment()
    for (let n = 0; n < 250; n++)
      environment.collections.set(`c${n}`, { rule: 'PRIVATE', indexes: new Map() })
    expect(await collectionNames(api)).toEqual([...environment.collections.keys()])
    // One that is deleted meanwhile is still counted.
    const { listCollections } = api.database
    api.database.listCollections = async options => {
      const { Collections } = await listCollections(options)
      return { Collections, Pager: { Total: 251 } }
    }
    expect(await collectionNames(api)).toHaveLength(250)
  })

  test('what a person or the platform has made in a form of its own is left out', async () => {
    const { api, environment } = fakeEnvironment()
    const own = { keys: [{ Name: 'x', Direction: '1' }], unique: true }
    const geographic = { keys: [{ Name: 'at', Direction: '2dsphere' }], unique: false }
    environment.collections.set('votes', {
      rule: 'READONLY',
      indexes: new Map(Object.entries({ own, geographic })),
    })
    environment.functionRule = 'auth != null'
    environment.hosting = 'online'
    environment.files.set('a.js', 'md5-of-a')
    environment.models.set('topics', { Id: 'id-1', Name: 'topics', Schema: '', published: true })
    environment.routes.set('/old', { Path: '/old', UpstreamResourceType: 'WEB' })
    environment.routes.set('/', { ...route, Enable: true })
    environment.functions.set('clock', {
      ...{
        Runtime: 'Nodejs18.15',
        MemorySize: 256,
        Timeout: 60,
        Description: '',
        serving: '2',
        isUpdating: false,
      },
      Environment: { Variables: [{ Key: 'A', Value: 'b' }] },
      Triggers: [
        { TriggerName: 'bare', Type: 'timer', TriggerDesc: '0 * * * * * *' },
        { TriggerName: 'json', Type: 'timer', TriggerDesc: '{"cron":"0 0 * * * * *"}' },
        { TriggerName: 'files', Type: 'cos', TriggerDesc: '{}' },
      ],
      versions: [
        { Version: '10', Description: 'ten' },
        { Version: '2', Description: 'two' },
        { Version: 'beta', Description: '' },
      ],
    })
    expect(await readState(api, { ...where, app: 'digest' })).toEqual({
      collections: [
        {
          ...{ name: 'votes', rule: 'READONLY' },
          indexes: [
            { name: '_id_', fields: [{ field: '_id', direction: 1 }], unique: true },
            { name: 'own', fields: [{ field: 'x', direction: 1 }], unique: true },
          ],
        },
      ],
      functionRule: null,
      storageRule: null,
      usesOpa: false,
      models: [{ id: 'id-1', name: 'topics', digest: expect.any(String) }],
      functions: [
        {
          ...{
            name: 'clock',
            runtime: 'Nodejs18.15',
            memory: 256,
            timeout: 60,
            description: '',
            serving: '2',
          },
          variables: { A: 'b' },
          triggers: [
            { name: 'bare', type: 'timer', config: '0 * * * * * *' },
            { name: 'json', type: 'timer', config: '0 0 * * * * *' },
          ],
          versions: [
            { version: '2', description: 'two' },
            { version: '10', description: 'ten' },
          ],
        },
      ],
      routes: [route],
      hosting: { enabled: true, files: { 'a.js': 'md5-of-a' } },
      app: 'digest',
    })
  })

  test('answers without the fields that are empty are those of a new environment', async () => {
    const { api } = fakeEnvironment({ opa: true })
    const bare: Partial<CloudApi> = {
      env: {
        ...api.env,
        getEnvInfo: async () => ({ EnvInfo: {} }),
        describeHttpServiceRoute: async () => ({ Domains: null }),
      },
      commonService: () => ({ call: async () => ({ Data: {} }) }),
    }
    expect((await readState(api, where)).usesOpa).toBe(true)
    expect(await readState({ ...api, ...bare }, where)).toEqual({
      ...{ collections: [], functions: [], models: [], routes: [], functionRule: null, storageRule: null },
      ...{ usesOpa: false, hosting: { enabled: false, files: {} }, app: null },
    })
  })

  test('the routes are those of the given domain, or of the environment’s own', async () => {
    const { api } = fakeEnvironment()
    api.env.describeHttpServiceRoute = async () => ({
      OriginDomain: 'own.example',
      Domains: [
        { Domain: 'own.example', Routes: [route] },
        { Domain: 'kepu.cn', Routes: [{ ...route, Path: '/a' }] },
        { Domain: 'bare.example', Routes: null },
      ],
    })
    const of = async (webDomain: string) => {
      const { domain, routes } = await readRoutes(api, 'env', webDomain)
      return [domain, routes.map(({ Path }) => Path)]
    }
    expect(await of('')).toEqual(['own.example', ['/']])
    expect(await of('kepu.cn')).toEqual(['kepu.cn', ['/a']])
    expect(await of('bare.example')).toEqual(['bare.example', []])
    expect(await of('new.example')).toEqual(['new.example', []])
  })

  test.each([
    [[], false],
    [[{ Key: 'authz_engine', Value: 'opa' }], true],
    [[{ Key: 'authz_engine', Value: 'acl' }], false],
    [[{ Key: 'engine', Value: 'opa' }], false],
    [
      [
        { Key: 'plan', Value: 'x' },
        { Key: 'authz_engine', Value: 'opa' },
      ],
      true,
    ],
  ])('access is decided by OPA where %j says so: %s', async (Meta, usesOpa) => {
    const { api } = fakeEnvironment()
    api.env.getEnvInfo = async () => ({ EnvInfo: { Meta } })
    expect((await readState(api, where)).usesOpa).toBe(usesOpa)
  })

  test.each(['init', 'offline'])('hosting that is %s serves nothing, whatever it holds', async status => {
    const { api, environment } = fakeEnvironment()
    environment.files.set('a.js', 'md5-of-a')
    api.hosting.getInfo = async () => [{ Status: status }]
    expect((await readState(api, where)).hosting).toEqual({ enabled: false, files: {} })
  })

  test('rules of functions and of the storage are read as they are', async () => {
    const { api, environment } = fakeEnvironment()
    environment.functionRule = '{"*":{"invoke":false},"content":{"invoke":"auth != null"}}'
    environment.storage = { read: true, write: 'auth.openid == doc._openid' }
    expect(await readState(api, where)).toMatchObject({
      functionRule: { '*': { invoke: false }, content: { invoke: 'auth != null' } },
      storageRule: { read: true, write: 'auth.openid == doc._openid' },
    })
  })

  test('a function without published versions has none', async () => {
    const { api, environment } = fakeEnvironment()
    environment.functions.set('clock', { versions: [], serving: '$LATEST' } as never)
    expect(await readVersions(api, 'clock')).toEqual({ versions: [], serving: '$LATEST' })
  })
})

test('what is left to do by hand depends on the keys, the domain and the permissions', () => {
  const target = sampleTarget(root)
  const of = (webDomain: string) => manualSteps(target, { ...settings, webDomain })
  expect(of('kepu.cn')).toHaveLength(5)
  expect(of('kepu.cn').join()).toContain('安全域名, add kepu.cn.')
  expect(of('kepu.cn')[0]).toContain('未登录用户访问权限, on for content, reactions and sharing only')
  expect(of('kepu.cn').join()).not.toContain('Bind a domain')
  expect(of('')).toHaveLength(6)
  expect(of('')[2]).toContain('安全域名, add the address of the web edition.')
  expect(of('')[3]).toMatch(/^Bind a domain with an ICP number/)
  for (const one of target.functions) one.variables = {}
  Object.assign(target.functions[1] ?? {}, { openapi: ['wxacode.getUnlimited', 'security.msgSecCheck'] })
  expect(of('kepu.cn').slice(0, 2)).toEqual([
    expect.stringMatching(/^Give editors a key/),
    expect.stringContaining(
      'Grant the function editor the openapi permissions wxacode.getUnlimited, security.msgSecCheck',
    ),
  ])
})

test.each<[environment: NodeJS.ProcessEnv, expected: object | RegExp]>([
  [{}, { account: null, appKeyFile: '', variables: {} }],
  [
    { TENCENT_SECRET_ID: 'a', TENCENT_SECRET_KEY: 'b', TENCENT_TOKEN: 'c', WEAPP_KEY_FILE: 'd' },
    { account: { secretId: 'a', secretKey: 'b', token: 'c' }, appKeyFile: 'd', variables: {} },
  ],
  [{ TENCENT_SECRET_KEY: 'b' }, /one is missing/],
  [{ EDITOR_KEYS: '{' }, /^EDITOR_KEYS must be JSON/],
  [{ EDITOR_KEYS: `{"a":"${'A'.repeat(64)}"}` }, /^EDITOR_KEYS must be JSON/],
  [{ EDITOR_KEYS: `{"a":"${'a'.repeat(63)}"}` }, /^EDITOR_KEYS must be JSON/],
  [
    { EDITOR_KEYS: `{"a":"${'a'.repeat(64)}"}` },
    { account: null, appKeyFile: '', variables: { EDITOR_KEYS: `{"a":"${'a'.repeat(64)}"}` } },
  ],
])('secrets of the environment %j', (environment, expected) => {
  const read = () => readSecrets(root, environment)
  if (expected instanceof RegExp) expect(read).toThrow(expected)
  else expect(read()).toEqual(expected)
})
