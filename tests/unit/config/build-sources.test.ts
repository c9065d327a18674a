import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { build } from 'esbuild'
import { Misuse } from '../../../config/given'
import {
  extraTargets,
  isCurrent,
  keepCurrent,
  madeBy,
  outputs,
  sources,
  stampOf,
  type Target,
  targets,
  variablesOf,
  withDependencies,
} from '../../../config/targets'

const root = path.resolve(__dirname, '../../..')

/** The modules of this repository that an entry imports, directly or indirectly, relative to the root. */
async function modulesOf(entry: string): Promise<string[]> {
  const { metafile } = await build({
    entryPoints: [path.join(root, entry)],
    absWorkingDir: root,
    bundle: true,
    packages: 'external',
    platform: 'node',
    write: false,
    metafile: true,
    // Subpath imports such as `#shared/*` belong to this package; they are not external.
    alias: { '#shared': './cloudfunctions/shared', '#contract': './src/contract', '#site': './src/site.ts' },
  })
  return Object.keys(metafile.inputs)
}

test.each([
  ['stories', 'stories/build/build-stories.ts'],
  ['console', 'local-cloud/console/page/Console.tsx'],
  ['functions', 'cloudfunctions/clock/index.ts'],
  ['functions', 'cloudfunctions/content/index.ts'],
  ['functions', 'cloudfunctions/editor/index.ts'],
  ['functions', 'cloudfunctions/reactions/index.ts'],
  ['functions', 'cloudfunctions/sharing/index.ts'],
] as const)(
  'a change of any module that the build of %s imports from %s rebuilds it',
  async (target, entry) => {
    const modules = await modulesOf(entry)
    expect(modules.length).toBeGreaterThan(4)
    const isSource = (file: string): boolean =>
      sources[target].some(source => file === source || file.startsWith(`${source}/`))
    expect(modules.filter(file => !isSource(file))).toEqual([])
  },
)

test('other addresses of the site make other functions, whose links lead there', () => {
  const { KEPU_SITE_URL: before, ...others } = process.env
  try {
    const stamps = ['https://one.example', 'https://two.example'].map(address => {
      process.env = { ...others, KEPU_SITE_URL: address }
      return stampOf('functions')
    })
    expect(new Set(stamps).size).toBe(2)
  } finally {
    process.env = { ...others, ...(before === undefined ? {} : { KEPU_SITE_URL: before }) }
  }
})

test('a mini-program without a site is another build than one that nobody chose a site for', () => {
  const { KEPU_SITE_URL: before, ...others } = process.env
  const stampFor = (site: Record<string, string>) => {
    process.env = { ...others, ...site }
    return stampOf('weapp')
  }
  try {
    const addresses = [{}, { KEPU_SITE_URL: '' }, { KEPU_SITE_URL: 'https://kepu.cn' }]
    expect(new Set(addresses.map(stampFor)).size).toBe(3)
  } finally {
    process.env = { ...others, ...(before === undefined ? {} : { KEPU_SITE_URL: before }) }
  }
})

const isSourceOf = (target: Target, file: string): boolean =>
  sources[target].some(source => file === source || file.startsWith(`${source}/`))

test.each<[target: Target, files: string[]]>([
  ['functions', ['cloudfunctions/clock/config.json', 'src/contract/article.ts', 'src/site.ts']],
  ['stories', ['stories/pictures', 'cloudfunctions/shared/publishing/read-draft.ts', 'src/site.ts']],
  [
    'web',
    ['src/pages/home/index.tsx', 'src/principles.md', 'cloudfunctions/web/index.ts', 'stories/pictures'],
  ],
  ['web-development', ['src/web/start.tsx', 'cloudfunctions/content/index.ts', 'stories/pictures']],
  ['console', ['local-cloud/console/page/console.css', 'local-cloud/json-object.ts', 'src/contract/ids.ts']],
  ['weapp', ['src/app.config.ts', 'src/assets/tab/home.png', 'src/sitemap.json', 'project.config.json']],
  ['weapp-local', ['src/cloud/transport.local.ts', 'src/theme.json', 'project.config.json']],
])('a change of what %s is made of rebuilds it, and so does a change of its tools', (target, files) => {
  for (const file of files) expect([file, isSourceOf(target, file)]).toEqual([file, true])
  const tools = [
    'config/build.ts',
    'package.json',
    'package-lock.json',
    'babel.config.js',
    'tsconfig.base.json',
  ]
  // Stories need no compiler.
  for (const tool of target === 'stories' ? [] : tools)
    expect([tool, isSourceOf(target, tool)]).toEqual([tool, true])
})

test.each<[wanted: Target[], built: Target[]]>([
  [['functions'], ['functions']],
  [['weapp'], ['weapp']],
  [['console'], ['console']],
  // The site shows the stories' pictures; the one for tests also copies the functions.
  [['web'], ['web', 'stories']],
  [['web-development'], ['web-development', 'functions', 'stories']],
])('%j needs %j', (wanted, needed) => {
  expect([...new Set(withDependencies(wanted))].sort()).toEqual([...needed].sort())
})

test('every target has a place of its own', () => {
  const all = [...targets, ...extraTargets]
  expect(all.map(target => path.relative(root, outputs[target])).sort()).toEqual([
    ...['dist/cloudfunctions', 'dist/console', 'dist/stories', 'dist/weapp', 'dist/weapp-local'],
    ...['dist/web', 'dist/web-development'],
  ])
})

test('the site is built again if either its files or its function are gone', () => {
  const made = madeBy('web').outputs.map(output => path.relative(root, output))
  expect(made.sort()).toEqual(['dist/cloudfunctions/web', 'dist/web'])
  const stamps = [...targets, ...extraTargets].map(target => madeBy(target).stampFile)
  expect(new Set(stamps).size).toBe(stamps.length)
})

test('what was built from other sources is not current', () => {
  for (const target of targets) expect(isCurrent(target, 'of other sources')).toBe(false)
})

test('a target is built once, and again if its output is gone, if its sources differ, or if the last build failed', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'targets-'))
  const [first = '', second = ''] = ['web', 'functions/web'].map(name => path.join(folder, name))
  const made = { outputs: [first, second], stampFile: path.join(folder, 'dist/.web.stamp') }
  let builds = 0
  const build = async () => {
    builds += 1
    for (const output of made.outputs) mkdirSync(output, { recursive: true })
  }
  const isBuilt = async () => (await keepCurrent('console', build, made)) !== null
  try {
    expect([await isBuilt(), await isBuilt(), builds]).toEqual([true, false, 1])
    rmSync(second, { recursive: true })
    expect([await isBuilt(), await isBuilt()]).toEqual([true, false])
    writeFileSync(made.stampFile, 'of other sources')
    expect([await isBuilt(), await isBuilt()]).toEqual([true, false])
    // A build that fails leaves a part of its output.
    writeFileSync(made.stampFile, 'of other sources')
    const failing = async () => {
      expect(existsSync(made.stampFile)).toBe(false)
      throw new Error('The build failed.')
    }
    await expect(keepCurrent('console', failing, made)).rejects.toThrow('The build failed.')
    expect([await isBuilt(), await isBuilt(), builds]).toEqual([true, false, 4])
  } finally {
    rmSync(folder, { recursive: true })
  }
})

describe('the environment of a build', () => {
  const before = process.env
  afterEach(() => {
    process.env = before
  })
  const under = <T>(environment: Record<string, string>, read: () => T): T => {
    const { PORT: _, KEPU_SITE_URL: __, KEPU_CLOUD_ENV: ___, KEPU_WEB_API: ____, ...others } = before
    process.env = { ...others, ...environment }
    return read()
  }

  test.each([
    ['weapp', 'KEPU_CLOUD_ENV'],
    ['weapp', 'KEPU_SITE_URL'],
    ['weapp', 'KEPU_LEAN_WITHOUT'],
    ['weapp-local', 'PORT'],
    ['functions', 'KEPU_SITE_URL'],
    ['web', 'KEPU_SITE_URL'],
    ['web', 'KEPU_WEB_API'],
    ['web-development', 'KEPU_SITE_URL'],
  ] as const)('%s is built again for another %s', (target, name) => {
    const value = (text: string) => under({ [name]: text }, () => JSON.stringify(variablesOf(target)))
    const isAddress = /URL|API/.test(name)
    const [one, two] = isAddress ? ['https://one.example', 'https://two.example'] : ['9000', '9001']
    expect(value(one)).not.toBe(value(two))
  })

  test('the simulator calls the phone preview, whose port is the one after the site’s', () => {
    const address = (environment = {}) => under(environment, () => variablesOf('weapp-local'))
    expect(address()).toEqual({ KEPU_TARGET: 'local', KEPU_LOCAL_CLOUD: 'http://127.0.0.1:8788' })
    expect(address({ PORT: '9000' }).KEPU_LOCAL_CLOUD).toBe('http://127.0.0.1:9001')
    for (const PORT of ['', ' ', 'http', '65535']) expect(() => address({ PORT })).toThrow('PORT must be')
  })

  const addressed = [
    ['weapp', 'KEPU_SITE_URL'],
    ['functions', 'KEPU_SITE_URL'],
    ['web', 'KEPU_SITE_URL'],
    ['web', 'KEPU_WEB_API'],
    ['web-development', 'KEPU_SITE_URL'],
  ] as const

  test.each(addressed)('%s gets %s without a slash at its end', (target, name) => {
    const given = (text: string) => under({ [name]: text }, () => variablesOf(target))
    for (const text of ['https://kepu.cn', 'https://kepu.cn/', 'HTTPS://Kepu.cn:443/'])
      expect(given(text)).toMatchObject({ [name]: 'https://kepu.cn' })
    expect(given('http://127.0.0.1:8787/')).toMatchObject({ [name]: 'http://127.0.0.1:8787' })
    expect(given('')).toMatchObject({ [name]: '' })
  })

  test.each([
    'kepu.cn',
    'kepu.cn:443',
    '//kepu.cn',
    'ftp://kepu.cn',
    'https:kepu.cn',
    'https://',
    'https://kepu.cn/site',
    'https://kepu.cn/?a=1',
    'https://kepu.cn/#a',
    'https://me@kepu.cn',
    ' ',
  ])('a site at %j is refused by its name', text => {
    for (const [target, name] of addressed.filter(([, name]) => name === 'KEPU_SITE_URL')) {
      const message = `${name} must be the address of a site, like https://kepu.cn, not "${text}".`
      expect(() => under({ [name]: text }, () => variablesOf(target))).toThrow(new Misuse(message))
    }
  })

  test('the web API may lie below a path, but not behind a query', () => {
    const given = (text: string) => under({ KEPU_WEB_API: text }, () => variablesOf('web').KEPU_WEB_API)
    expect(given('https://kepu.cn/api/')).toBe('https://kepu.cn/api')
    for (const text of ['kepu.cn/api', 'https://kepu.cn/api?a=1', 'https://me@kepu.cn', ' '])
      expect(() => given(text)).toThrow(
        new Misuse(`KEPU_WEB_API must be the address of a web API, like https://kepu.cn/api, not "${text}".`),
      )
  })

  test('a mini-program without a choice has a site that does not exist; functions and the site have none', () => {
    const site = (target: Target) => under({}, () => variablesOf(target).KEPU_SITE_URL)
    expect(site('weapp')).toMatch(/^https:\/\/[\w.-]+\.example$/)
    expect([site('functions'), site('web')]).toEqual(['', ''])
    expect(under({ KEPU_SITE_URL: '' }, () => variablesOf('weapp').KEPU_SITE_URL)).toBe('')
  })
})
