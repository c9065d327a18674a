import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { buildCloudFunctions } from '../../../config/cloudfunctions'
import { type WebAssets, webFunctionOptions } from '../../../config/web'

const functions = path.resolve(__dirname, '../../../cloudfunctions')
const configs = readdirSync(functions)
  .map(name => [name, path.join(functions, name, 'config.json')] as const)
  .filter(([, file]) => existsSync(file))

test.each(configs)('%s has time for a cold start and a read that the SDK repeats after 1.5 s', (_, file) => {
  const { timeout } = JSON.parse(readFileSync(file, 'utf8'))
  expect(timeout).toBeGreaterThanOrEqual(5)
  // The longest that a function may run.
  expect(timeout).toBeLessThanOrEqual(60)
})

const configOf = (name: string) =>
  JSON.parse(readFileSync(path.join(functions, name, 'config.json'), 'utf8')) as Record<string, unknown>

test.each([
  // A deletion removes for 4 s, waits 5 s for votes on their way, and lists once more.
  ['reactions', 10],
  // An import writes until 16 s have passed.
  ['editor', 20],
  // The last task of a tick ends after 57 s.
  ['clock', 60],
])('%s has the time that its longest work takes', (name, seconds) => {
  expect(configOf(name).timeout).toBeGreaterThanOrEqual(seconds)
})

test('the clock ticks every two minutes; the functions that draw mini-codes may, and no other', () => {
  expect(configOf('clock').triggers).toEqual([{ name: 'tick', type: 'timer', config: '0 */2 * * * * *' }])
  const openapi = configs.flatMap(([name]) => {
    const { permissions } = configOf(name) as { permissions?: { openapi: string[] } }
    return permissions ? [[name, permissions.openapi]] : []
  })
  expect(Object.fromEntries(openapi)).toEqual({
    editor: ['wxacode.getUnlimited'],
    sharing: ['wxacode.getUnlimited'],
  })
})

test.each([
  ['https://kepu.example', 'https://kepu.example'],
  [undefined, ''],
])('functions that are built for the site %s put its paths behind %j', async (site, origin) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'functions-'))
  try {
    const source = path.join(folder, 'source')
    mkdirSync(path.join(source, 'one'), { recursive: true })
    writeFileSync(path.join(source, 'one', 'index.ts'), 'export const main = (): string => SITE_ORIGIN\n')
    writeFileSync(path.join(source, 'one', 'config.json'), '{}')
    await buildCloudFunctions(source, path.join(folder, 'built'), site)
    const text = readFileSync(path.join(folder, 'built', 'one', 'index.js'), 'utf8')
    expect(text).toContain(JSON.stringify(origin))
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('a built function is whole by itself; one that no longer exists is removed, the site’s stays', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'functions-'))
  const [source, made] = [path.join(folder, 'source'), path.join(folder, 'made')]
  const config = { timeout: 5, triggers: [{ name: 'tick', type: 'timer', config: '0 * * * * * *' }] }
  try {
    for (const name of ['two', 'one', 'web']) {
      mkdirSync(path.join(source, name), { recursive: true })
      writeFileSync(path.join(source, name, 'index.ts'), 'export const main = (): string => SITE_ORIGIN\n')
      writeFileSync(path.join(source, name, 'config.json'), JSON.stringify(config))
    }
    // What functions share is no function.
    mkdirSync(path.join(source, 'shared'))
    writeFileSync(path.join(source, 'shared', 'cloud.ts'), '')
    for (const name of ['web', 'gone', 'one']) mkdirSync(path.join(made, name), { recursive: true })
    writeFileSync(path.join(made, 'one', 'old.js'), '')
    expect(await buildCloudFunctions(source, made)).toEqual(['one', 'two'])
    expect(readdirSync(made).sort()).toEqual(['one', 'two', 'web'])
    expect(readdirSync(path.join(made, 'web'))).toEqual([])
    const files = ['LICENSES.txt', 'config.json', 'index.js', 'package.json']
    expect(readdirSync(path.join(made, 'one')).sort()).toEqual(files)
    const read = (file: string) => JSON.parse(readFileSync(path.join(made, 'one', file), 'utf8'))
    expect(read('config.json')).toEqual(config)
    // The platform installs what a package lists, and runs no install scripts: so it lists nothing.
    expect(read('package.json')).toEqual({ name: 'one', version: expect.any(String), main: 'index.js' })
  } finally {
    rmSync(folder, { recursive: true })
  }
})

describe('the function of the site', () => {
  const files = { assets: { script: '/assets/site-1.js' } as WebAssets, worker: 'self.skipWaiting()' }
  const optionsFor = (changes: object) =>
    webFunctionOptions({ api: '', site: '', development: false, ...changes }, files)
  const constants = (changes: object) => optionsFor(changes).define ?? {}

  test.each([
    ['', '', ''],
    [
      'https://env.api.example/v1/functions',
      'https://env.api.example/v1/functions',
      'https://env.api.example',
    ],
    ['https://env.api.example:8443/x', 'https://env.api.example:8443/x', 'https://env.api.example:8443'],
  ])('knows the web API %j, and lets pages call its origin alone', (api, address, origin) => {
    const { CLOUD_URL = '', WEB_API_ORIGIN = '' } = constants({ api })
    expect([CLOUD_URL, WEB_API_ORIGIN].map(text => JSON.parse(text))).toEqual([address, origin])
  })

  test('knows its own address; its pictures and links need none', () => {
    const { SITE_ORIGIN = '', SITE_URL = '' } = constants({ site: 'https://kepu.example' })
    expect([SITE_ORIGIN, SITE_URL].map(text => JSON.parse(text))).toEqual(['https://kepu.example', ''])
    expect(constants({ site: '' }).SITE_ORIGIN).toBe('""')
  })

  test('knows the files that browsers load, and has React’s renderer for readers or for developers', () => {
    const { WEB_ASSETS = '', WEB_WORKER = '', PRINCIPLES = '[]' } = constants({})
    expect([JSON.parse(WEB_ASSETS), JSON.parse(WEB_WORKER)]).toEqual([files.assets, files.worker])
    expect(JSON.parse(PRINCIPLES).length).toBeGreaterThan(0)
    for (const [development, kind] of [
      [false, 'production'],
      [true, 'development'],
    ] as const) {
      const { alias = {}, define = {} } = optionsFor({ development })
      expect(alias['react-dom/server']).toContain(`node.${kind}.`)
      expect(define['process.env.NODE_ENV']).toBe(`"${kind}"`)
    }
  })
})
