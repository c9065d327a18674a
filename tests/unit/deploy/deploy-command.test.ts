import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import * as v from 'valibot'
import { main as deploy } from '../../../deploy/cli'
import { main as doctor } from '../../../deploy/doctor/cli'
import { DeployedFunction, emptyState } from '../../../deploy/state'
import type { Target } from '../../../deploy/target'
import { fakeEnvironment } from './fake-environment'
import { sampleTarget } from './sample-target'

// The command as an operator sees it, with an environment in memory in place of the cloud, and a target that is built.

const mockWorld = {
  built: [] as string[][],
  /** The environment and the site that were named when something was built. */
  builtFor: [] as unknown[],
  target: {} as Target,
  api: {} as unknown,
  documents: {} as unknown,
  /** How often an environment was opened. */
  connections: 0,
  uploads: [] as Record<string, unknown>[],
}
jest.mock('../../../config/build', () => ({
  async ensureBuilt(wanted: string[]) {
    mockWorld.built.push(wanted)
    mockWorld.builtFor = [process.env.KEPU_CLOUD_ENV, process.env.KEPU_SITE_URL]
  },
}))
jest.mock('../../../deploy/target', () => ({ readTarget: () => mockWorld.target }))
jest.mock('../../../deploy/documents', () => ({ openDocuments: () => mockWorld.documents }))
jest.mock('../../../deploy/connect', () => ({
  connect() {
    mockWorld.connections += 1
    return mockWorld.api
  },
  install: () => () => ({
    Project: class {
      constructor(readonly options: object) {}
    },
    upload: async (given: Record<string, unknown>) => void mockWorld.uploads.push(given),
  }),
}))

const folder = mkdtempSync(path.join(tmpdir(), 'deploy-'))
/** What this machine has noted of earlier deployments, as it was before the tests. */
const notes = ['uploads.json', 'salts.json']
  .map(name => path.resolve(__dirname, '../../../.cache', name))
  .map(file => ({ file, before: existsSync(file) ? readFileSync(file) : null }))
const { env } = process
let fake: ReturnType<typeof fakeEnvironment>

beforeEach(() => {
  fake = fakeEnvironment()
  fake.environment.hosting = 'online'
  const target = sampleTarget(folder)
  Object.assign(mockWorld, { built: [], builtFor: [], target, api: fake.api, uploads: [] })
})
afterEach(() => {
  process.env = env
  jest.restoreAllMocks()
  for (const { file, before } of notes) {
    if (before) writeFileSync(file, before)
    else rmSync(file, { force: true })
  }
})
afterAll(() => rmSync(folder, { recursive: true }))

const account = { KEPU_ENV_ID: 'env', TENCENT_SECRET_ID: 'id', TENCENT_SECRET_KEY: 'key', EDITOR_KEYS: '' }

/** Runs the command. Returns its exit code, and the lines that it printed. */
async function run(args: string[], variables: NodeJS.ProcessEnv = {}, command = deploy) {
  jest.restoreAllMocks()
  const out = jest.spyOn(console, 'log').mockImplementation(() => undefined)
  const err = jest.spyOn(console, 'error').mockImplementation(() => undefined)
  process.env = { ...env, WEAPP_KEY_FILE: '', ...account, ...variables }
  const code = await command(args)
  return {
    code,
    lines: out.mock.calls.map(([line]) => String(line)),
    errors: err.mock.calls.map(([line]) => String(line)),
  }
}

const cloud = ['--only', 'rules,functions, web']
const steps = 19

test('every step is taken and told in order, then what no tool can do; a second run finds nothing left', async () => {
  const { code, lines, errors } = await run(cloud)
  expect({ code, errors }).toEqual({ code: 0, errors: [] })
  expect(mockWorld.built).toEqual([['functions', 'web', 'weapp']])
  expect(mockWorld.builtFor).toEqual(['env', ''])
  expect(lines[0]).toBe(`${steps} steps from what is in the environment env to what should be:`)
  expect(lines[1]).toBe(`  1 of ${steps}  create the collection articles`)
  expect(lines[steps]).toBe(` ${steps} of ${steps}  create the HTTP route / to web`)
  expect(lines[steps + 1]).toBe('\nBy hand, because no tool can do it:')
  expect(lines[steps + 2]).toMatch(/^ {2}1\. Let readers in without a login/)
  expect(lines.at(-1)).toMatch(/^ {2}6\. In the WeChat console/)
  const { changes } = fake.environment
  const again = await run(cloud)
  // The schema of a model has the digest of what the environment holds, which a target of this test does not know.
  expect(again.lines[0]).toMatch(/^1 steps from /)
  expect(again.lines[1]).toMatch(/update the data model drafts/)
  expect(fake.environment.changes).toBe(changes + 1)
})

test('hosting that starts slowly is waited for', async () => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] })
  try {
    fake.environment.hosting = 'none'
    let code: number | null = null
    void run(['--only', 'web']).then(ended => {
      code = ended.code
    })
    for (let turn = 0; turn < 100 && code === null; turn++) {
      await jest.advanceTimersByTimeAsync(1_000)
      // The modules that the command imports come with the next turn.
      await new Promise(done => setImmediate(done))
    }
    expect(code).toBe(0)
    expect([...fake.environment.files.keys()]).toEqual(['a.js', 'b.css'])
  } finally {
    jest.useRealTimers()
  }
})

test('a plan tells every step and takes none', async () => {
  const { code, lines } = await run(['--plan'])
  expect([code, fake.environment.changes, mockWorld.built]).toEqual([0, 0, [['functions', 'web']]])
  expect(lines[1]).toBe('  1  create the collection articles')
  expect(lines[steps + 1]).toBe(` ${steps + 1}  upload the mini-program`)
})

test('a plan for a given state looks at no environment', async () => {
  const file = path.join(folder, 'state.json')
  writeFileSync(file, JSON.stringify({ ...emptyState, hosting: { enabled: true, files: {} } }))
  mockWorld.connections = 0
  const { code, lines } = await run(['--from', file, '--only', 'web'])
  expect([code, mockWorld.connections]).toEqual([0, 0])
  expect(lines.slice(0, 3)).toEqual([
    `2 steps from what is in ${file} to what should be:`,
    '  1  upload 2 files of the web edition',
    '  2  create the HTTP route / to web',
  ])
  expect(mockWorld.built).toHaveLength(1)
})

test('a function in a given state without versions has none, and serves what was uploaded last', async () => {
  const file = path.join(folder, 'state.json')
  const [clock] = mockWorld.target.functions
  const functions = [{ ...clock, description: '', triggers: [] }]
  writeFileSync(file, JSON.stringify({ ...emptyState, functions }))
  const { lines } = await run(['--from', file, '--only', 'functions'])
  expect(lines.slice(1).filter(line => / clock/.test(line) && !line.includes('alarm'))).toEqual([
    expect.stringContaining('upload the code of the function clock'),
    expect.stringContaining('configure the function clock'),
    expect.stringContaining('publish the function clock as a version'),
    expect.stringContaining('lead callers of clock to that version'),
    expect.stringContaining('create the timer tick of clock'),
  ])
  expect(v.parse(DeployedFunction, functions[0])).toMatchObject({ versions: [], serving: '$LATEST' })
})

test('a step that fails is told with its cause and the number of those done, and the next run goes on from there', async () => {
  fake.environment.failsAt = 3
  const { code, lines } = await run(cloud)
  expect(code).toBe(1)
  expect(lines).toHaveLength(5)
  expect(lines[4]).toBe(
    [
      'failed: set the rule of the collection votes to ADMINONLY',
      '  ECONNRESET [ECONNRESET] refused',
      `  3 of ${steps} steps are done. Mend the cause and run the same command again: it goes on from here.`,
    ].join('\n'),
  )
  fake.environment.failsAt = Number.POSITIVE_INFINITY
  expect((await run(cloud)).lines[1]).toBe(
    `  1 of ${steps - 3}  set the rule of the collection votes to ADMINONLY`,
  )
})

test('with --json every line is an object that says which step it is about', async () => {
  fake.environment.failsAt = 1
  const { lines } = await run([...cloud, '--json'])
  const text = 'set the rule of the collection articles to ADMINONLY'
  expect(lines.map(line => JSON.parse(line))).toEqual([
    { plan: steps, against: 'the environment env' },
    { step: 1, do: 'create-collection', text: 'create the collection articles', done: true },
    { step: 2, do: 'set-collection-rule', text, failed: '[ECONNRESET] refused', code: 'ECONNRESET' },
  ])
  const planned = (await run(['--plan', '--json'])).lines.map(line => JSON.parse(line))
  expect(planned[1]).toEqual({ step: 1, do: 'set-collection-rule', text })
  expect(planned.at(-1)).toEqual({ manual: expect.arrayContaining([expect.stringContaining('匿名登录')]) })
})

test('what is in the way is told, and nothing is changed', async () => {
  fake = fakeEnvironment({ opa: true })
  mockWorld.api = fake.api
  const { code, lines } = await run(cloud)
  expect([code, fake.environment.changes]).toEqual([1, 0])
  expect(lines).toEqual([
    expect.stringContaining('steps from'),
    expect.stringMatching(/^In the way: The environment decides/),
  ])
  const planned = await run(['--plan', '--json'])
  expect(planned.code).toBe(1)
  const told = planned.lines.map(line => JSON.parse(line))
  expect(told).toContainEqual({ blocker: expect.stringContaining('authz_engine') })
  // A plan is whole, also what is left to do by hand.
  expect(told.at(-1)).toEqual({ manual: expect.any(Array) })
})

test('a rollback leads callers back, and builds no mini-program for it', async () => {
  await run(cloud)
  const first = await run(['--rollback'])
  expect([first.code, first.lines[1]]).toEqual([
    1,
    expect.stringMatching(/^In the way: .* no version before/),
  ])
  const editor = mockWorld.target.functions.find(({ name }) => name === 'editor')
  if (!editor) throw new Error('no editor')
  editor.digest = 'newer'
  await run(cloud)
  expect((await run(['--rollback', '--plan'])).lines[0]).toMatch(/^1 steps/)
  const serving = () => fake.environment.functions.get('editor')?.serving
  expect(serving()).toBe('2')
  // Somebody else's function, which the same tool deployed later.
  const theirs = structuredClone(fake.environment.functions.get('editor'))
  if (!theirs) throw new Error('no editor')
  for (const one of theirs.versions) one.Description = one.Description.replace(/release:\d+/, 'release:2999')
  fake.environment.functions.set('theirs', theirs)
  mockWorld.built = []
  mockWorld.target.app.appid = 'touristappid'
  const { code, lines } = await run(['--rollback'])
  expect([code, lines[1]]).toEqual([0, '  1 of 1  lead callers of editor back to its version 1'])
  expect([serving(), mockWorld.built]).toEqual(['1', [['functions', 'web']]])
})

test('a mini-program without an appid can be planned and left out, but not deployed', async () => {
  mockWorld.target.app.appid = 'touristappid'
  const refused = await run([])
  expect([refused.code, refused.errors[0], fake.environment.changes]).toEqual([
    2,
    expect.stringMatching(/^Set the appid of the mini-program .* --only rules,functions,web\.$/),
    0,
  ])
  expect((await run(['--plan'])).code).toBe(0)
  expect((await run(cloud)).code).toBe(0)
})

test('the mini-program is uploaded once, with its key, version and robot', async () => {
  const app = ['--only', 'app']
  const refused = await run(app)
  expect([refused.code, refused.lines[1]]).toEqual([
    1,
    expect.stringContaining('Set WEAPP_KEY_FILE to the upload key'),
  ])
  const { code, lines } = await run(app, { WEAPP_KEY_FILE: '/keys/upload.key' })
  expect([code, lines[1]]).toEqual([0, '  1 of 1  upload the mini-program'])
  expect(mockWorld.uploads).toEqual([
    {
      project: {
        options: {
          appid: 'wx0',
          type: 'miniProgram',
          projectPath: folder,
          privateKeyPath: '/keys/upload.key',
        },
      },
      ...{ version: '1.0.0', robot: 1, desc: 'kepu-cloud 1.0.0', setting: { useProjectConfig: true } },
    },
  ])
  expect((await run(app)).lines[0]).toMatch(/^0 steps/)
  mockWorld.target.app.appid = 'wx1'
  expect((await run(app, { WEAPP_KEY_FILE: '/keys/upload.key' })).lines[0]).toMatch(/^1 steps/)
  // Of each mini-program it is known what was uploaded.
  for (const appid of ['wx1', 'wx0']) {
    mockWorld.target.app.appid = appid
    expect((await run(app)).lines[0]).toMatch(/^0 steps/)
  }
})

describe('the doctor', () => {
  const look = (...args: string[]) => run(args, {}, doctor)
  /** Documents of an environment whose clock is at work, with this salt. */
  const documentsWith = (salt: string) => ({
    find: async (_: string, [id]: string[]) =>
      id === 'clock' ? [{ _id: id, leasedUntil: new Date() }] : [{ _id: id, salt }],
    async *pages() {},
  })

  test('looks at all of an environment, counts what is to mend, and notes its salt', async () => {
    await run(cloud)
    mockWorld.built = []
    mockWorld.documents = documentsWith('first')
    const { code, lines, errors } = await look()
    expect({ code, errors }).toEqual({ code: 1, errors: [] })
    expect(mockWorld.built).toEqual([['functions', 'web']])
    expect(lines).toEqual(
      expect.arrayContaining([
        '✓ environment: env',
        '✓ collections: as in the repository',
        expect.stringMatching(/^✗ models: not done: update the data model drafts .*\n {4}→ npm run deploy$/),
        '✓ clock: last worked just now (it writes at least once an hour)',
        '✓ salt: set, and as this machine saw it first',
        expect.stringMatching(/^\? 未登录访问: /),
      ]),
    )
    const wrong = lines.filter(line => line.startsWith('✗')).length
    expect(lines.at(-1)).toBe(`\n${wrong} to mend.`)
    mockWorld.documents = documentsWith('another')
    const told = (await look('--json')).lines.map(line => JSON.parse(line))
    expect(told).toContainEqual(expect.objectContaining({ about: 'salt', verdict: 'mend' }))
    expect(told.every(one => typeof one.about === 'string')).toBe(true)
  })

  test('reads no document where a collection is missing', async () => {
    mockWorld.documents = {}
    const { code, lines } = await look()
    expect(code).toBe(1)
    expect(lines).toContainEqual(expect.stringMatching(/^✗ collections: not done: create .*, and 1 more/))
    expect(lines.filter(line => /^. (?:clock|salt):/.test(line))).toEqual([])
  })

  test('says why an environment cannot be read, and what the clone says of itself', async () => {
    const { env: service } = fake.api
    service.getEnvInfo = async () => {
      throw Object.assign(new Error('the key is disabled'), { code: 'AuthFailure' })
    }
    const refused = await look()
    expect(refused.lines).toContain('✗ environment: cannot be read: AuthFailure the key is disabled')
    expect([refused.code, refused.lines.some(line => line.includes('category'))]).toEqual([1, true])
    mockWorld.built = []
    const unknown = await run([], { TENCENT_SECRET_ID: '', TENCENT_SECRET_KEY: '' }, doctor)
    expect(unknown.lines).toContainEqual(
      expect.stringContaining('cannot be read: no credentials: set TENCENT'),
    )
    const unnamed = await run([], { KEPU_ENV_ID: '' }, doctor)
    expect(unnamed.lines).toContainEqual(expect.stringContaining('cannot be read: it has no name'))
    expect([unknown.code, unnamed.code, mockWorld.built]).toEqual([1, 1, []])
  })
})
