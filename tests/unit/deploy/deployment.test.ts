import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { applyStep, type Context } from '../../../deploy/apply-step'
import { cloudFacts } from '../../../deploy/doctor/facts'
import { describeStep, type Part, planDeployment, planRollback } from '../../../deploy/plan'
import { readState } from '../../../deploy/read-state'
import { emptyState, type State } from '../../../deploy/state'
import { fakeEnvironment } from './fake-environment'
import { sampleTarget } from './sample-target'

const folder = mkdtempSync(path.join(tmpdir(), 'deploy-'))
afterAll(() => rmSync(folder, { recursive: true }))
const target = sampleTarget(folder)

type Fake = ReturnType<typeof fakeEnvironment>

function deployer({ api, environment }: Fake) {
  let app: string | null = null
  const where = { envId: 'env', webDomain: '' }
  const context: Context = {
    api,
    ...where,
    target,
    pause: async () => undefined,
    release: '2026-11-27T10:00:00.000Z',
    async uploadApp(digest) {
      app = digest
    },
  }
  const look = () => readState(api, { ...where, app })
  const plan = async (only?: Part[]) => planDeployment(target, await look(), only)
  return {
    look,
    plan,
    context,
    environment,
    async deploy(only?: Part[]) {
      for (const step of (await plan(only)).steps) await applyStep(step, context)
    },
  }
}

// The digest of a schema is that of its canonical JSON.
beforeAll(async () => {
  const fake = deployer(fakeEnvironment())
  await fake.deploy()
  for (const model of target.models) {
    model.digest = (await fake.look()).models.find(({ name }) => name === model.name)?.digest ?? ''
  }
})

test('plans everything for an empty environment, access rules before the first function', () => {
  const { steps, blockers } = planDeployment(target, emptyState)
  const order = steps.map(step => step.do)
  expect(blockers).toEqual([])
  expect(new Set(order)).toEqual(
    new Set([
      'create-collection',
      'set-collection-rule',
      'set-function-rule',
      'set-storage-rule',
      'create-index',
      'create-model',
      'create-function',
      'configure-function',
      'publish-version',
      'release',
      'create-trigger',
      'enable-hosting',
      'upload-files',
      'create-route',
      'upload-app',
    ]),
  )
  expect(order.indexOf('set-function-rule')).toBeLessThan(order.indexOf('create-function'))
  expect(order.indexOf('create-trigger')).toBeGreaterThan(order.lastIndexOf('set-collection-rule'))
  for (const once of ['set-function-rule', 'set-storage-rule', 'enable-hosting', 'upload-app'] as const)
    expect(order.filter(one => one === once)).toHaveLength(1)
})

test('deploys an empty environment, after which nothing is left to do', async () => {
  const { deploy, plan, environment } = deployer(fakeEnvironment())
  await deploy()
  expect(await plan()).toEqual({ steps: [], blockers: [] })
  expect(environment.models.get('drafts')).toMatchObject({ published: true })
  const { changes } = environment
  await deploy()
  expect(environment.changes).toBe(changes)
})

test('goes on where an interrupted deployment stopped, whichever request failed', async () => {
  const whole = deployer(fakeEnvironment())
  await whole.deploy()
  const expected = await whole.look()
  for (let failsAt = 0; failsAt < whole.environment.changes; failsAt++) {
    const { deploy, plan, look, environment } = deployer(fakeEnvironment())
    environment.failsAt = failsAt
    await expect(deploy()).rejects.toThrow('ECONNRESET')
    environment.failsAt = Number.POSITIVE_INFINITY
    await deploy()
    expect(await plan()).toEqual({ steps: [], blockers: [] })
    expect(await look()).toEqual(expected)
  }
})

test('keeps variables, rules and indexes that somebody added by hand', async () => {
  const { deploy, look, environment } = deployer(fakeEnvironment())
  await deploy()
  environment.functions.get('editor')?.Environment.Variables.push({ Key: 'MADE_BY_HAND', Value: 'stays' })
  environment.functionRule = JSON.stringify({
    ...target.functionRule,
    other: { invoke: true },
    content: { invoke: false },
  })
  environment.collections
    .get('votes')
    ?.indexes.set('own', { keys: [{ Name: 'x', Direction: '1' }], unique: false })
  const editor = target.functions.find(({ name }) => name === 'editor')
  if (!editor) throw new Error('no editor')
  const { timeout } = editor
  editor.timeout = 20
  await deploy()
  editor.timeout = timeout
  const state = await look()
  expect(state.functions.find(({ name }) => name === 'editor')).toMatchObject({
    timeout: 20,
    variables: { MADE_BY_HAND: 'stays', EDITOR_KEYS: '{"secret":"of an editor"}' },
  })
  expect(state.functionRule).toEqual({ ...target.functionRule, other: { invoke: true } })
  expect(state.collections.find(({ name }) => name === 'votes')?.indexes).toContainEqual(
    expect.objectContaining({ name: 'own' }),
  )
})

test('publishes a data model again when it has changed', async () => {
  const { deploy, environment } = deployer(fakeEnvironment())
  await deploy()
  const before = structuredClone(environment.models.get('drafts'))
  Object.assign(environment.models.get('drafts') ?? {}, { Schema: '{}' })
  await deploy()
  expect(environment.models.get('drafts')).toEqual({ ...before, published: true })
})

test('plans only what differs', async () => {
  const { deploy, look } = deployer(fakeEnvironment())
  await deploy()
  const state = await look()
  const differing = (change: (state: State) => void): string[] => {
    const changed = structuredClone(state)
    change(changed)
    return planDeployment(target, changed).steps.map(describeStep)
  }
  const first = <T>(list: T[]): T => {
    const [one] = list
    if (one === undefined) throw new Error('empty')
    return one
  }
  expect(differing(({ functions }) => (first(functions).description = 'kepu-cloud sha256:older'))).toEqual([
    'upload the code of the function clock',
    'configure the function clock: 256 MB, 60 s',
  ])
  expect(differing(({ functions }) => (first(functions).memory = 128))).toEqual([
    'configure the function clock: 256 MB, 60 s',
  ])
  expect(differing(({ functions }) => (first(functions).timeout = 61))).toEqual([
    'configure the function clock: 256 MB, 60 s',
  ])
  const others = ({ functions }: State) =>
    Object.assign(first(functions), { serving: '$LATEST', variables: { OTHER: 'x' } })
  // A version holds its variables too, so that another set of them is another version.
  expect(differing(others)).toEqual([
    'publish the function clock as a version',
    'lead callers of clock to that version',
  ])
  expect(
    differing(({ functions }) => {
      for (const one of functions) if (one.name === 'editor') one.variables = { EDITOR_KEYS: 'older' }
    }),
  ).toEqual(['configure the function editor: 256 MB, 5 s, set EDITOR_KEYS'])
  expect(differing(({ functions }) => (first(first(functions).triggers).config = '0 * * * * * *'))).toEqual([
    'remove the timer tick of clock, which has another rhythm',
    'create the timer tick of clock: 0 */2 * * * * *',
  ])
  expect(differing(({ collections }) => (first(first(collections).indexes).unique = true))).toEqual([])
  expect(
    differing(({ collections }) => {
      for (const index of first(collections).indexes) if (index.name === 'feed') index.fields.reverse()
    }),
  ).toEqual([
    'drop the index feed of articles, which has other fields',
    'create the index feed of articles: state ↑, publishedAt ↓',
  ])
  expect(
    differing(({ collections }) => {
      for (const index of first(collections).indexes) if (index.name === 'feed') index.unique = true
    }),
  ).toEqual([
    'drop the index feed of articles, which has other fields',
    'create the index feed of articles: state ↑, publishedAt ↓',
  ])
  expect(differing(state => (state.app = 'older'))).toEqual(['upload the mini-program'])
  expect(differing(({ hosting }) => (hosting.files['b.css'] = ''))).toEqual([
    'upload 1 files of the web edition',
  ])
  // What the site does not have any more stays: a page that is still open may load it.
  expect(differing(({ hosting }) => (hosting.files['old.js'] = 'x'))).toEqual([])
  expect(differing(state => (state.storageRule = { read: true, write: true }))).toEqual([
    'set the storage rule: read true, write false',
  ])
  expect(
    differing(({ functionRule }) => Object.assign(functionRule ?? {}, { content: { invoke: false } })),
  ).toEqual(['set the function rules: clients may call content'])
  expect(differing(({ hosting }) => (hosting.files['a.js'] = 'older'))).toEqual([
    'upload 1 files of the web edition',
  ])
  expect(differing(({ routes }) => (first(routes).EnableAuth = true))).toEqual([
    'update the HTTP route / to web',
  ])
  expect(differing(({ models }) => (first(models).digest = 'older'))).toEqual([
    'update the data model drafts (稿件)',
  ])
  expect(differing(({ collections }) => (first(collections).rule = 'READONLY'))).toEqual([
    'set the rule of the collection articles to ADMINONLY',
  ])
})

test('rules that depend on the caller are told as open, and none is told as such', () => {
  const rule = { '*': { invoke: false }, content: { invoke: 'auth != null' }, sharing: { invoke: true } }
  const told = (one: typeof rule) => describeStep({ do: 'set-function-rule', rule: one })
  expect(told(rule)).toBe('set the function rules: clients may call content, sharing')
  expect(describeStep({ do: 'set-function-rule', rule: { '*': { invoke: false } } })).toBe(
    'set the function rules: clients may call none',
  )
  const unique = { name: 'one', fields: [{ field: 'a', direction: -1 as const }], unique: true }
  expect(describeStep({ do: 'create-index', collection: 'votes', index: unique })).toBe(
    'create the index one of votes: a ↓, unique',
  )
})

test.each<[part: Part, kinds: string[]]>([
  ['rules', ['create-collection', 'set-collection-rule', 'set-function-rule', 'set-storage-rule']],
  ['web', ['enable-hosting', 'upload-files', 'create-route']],
  ['app', ['upload-app']],
])('%s alone makes the steps of that part', (part, kinds) => {
  const order = planDeployment(target, emptyState, [part]).steps.map(step => step.do)
  expect(order).toEqual(expect.arrayContaining(kinds))
  expect(order).not.toContain('create-function')
  for (const [other, [kind]] of [
    ['rules', ['create-collection']],
    ['web', ['enable-hosting']],
    ['app', ['upload-app']],
  ] as const)
    expect(order.includes(kind)).toBe(part === other)
})

test('files of the site keep their folders, and hosting that never starts is told after five minutes', async () => {
  const { context, environment } = deployer(fakeEnvironment())
  const site = mkdtempSync(path.join(folder, 'site-'))
  mkdirSync(path.join(site, 'assets'))
  writeFileSync(path.join(site, 'assets/c.js'), 'c')
  const waited: number[] = []
  const nested = {
    ...context,
    target: { ...target, hosting: { folder: site, files: {} } },
    pause: async (ms: number) => void waited.push(ms),
  }
  environment.hosting = 'online'
  await applyStep({ do: 'upload-files', files: ['assets/c.js'] }, nested)
  expect([...environment.files.keys()]).toEqual(['assets/c.js'])
  await expect(applyStep({ do: 'upload-files' }, nested)).rejects.toThrow('not built')
  context.api.hosting.getInfo = async () => [{ Status: 'init' }]
  await expect(applyStep({ do: 'enable-hosting' }, nested)).rejects.toThrow('after five minutes')
  expect(waited.reduce((sum, ms) => sum + ms, 0)).toBe(5 * 60_000)
})

test('a version says which code it holds and when it was deployed; a unique index is made as such', async () => {
  const { deploy, environment, context } = deployer(fakeEnvironment())
  await deploy()
  expect(environment.functions.get('clock')?.versions.map(({ Description }) => Description)).toEqual([
    expect.stringMatching(/^kepu-cloud sha256:digest-of-clock config:[0-9a-f]{12} release:2026-11-27T10:00/),
  ])
  const index = { name: 'one', fields: [{ field: 'a', direction: -1 as const }], unique: true }
  await applyStep({ do: 'create-index', collection: 'votes', index }, context)
  expect(environment.collections.get('votes')?.indexes.get('one')).toEqual({
    keys: [{ Name: 'a', Direction: '-1' }],
    unique: true,
  })
})

test('deploys functions alone only together with their access rule', () => {
  const order = planDeployment(target, emptyState, ['functions']).steps.map(step => step.do)
  expect(order[0]).toBe('set-function-rule')
  expect(order).not.toContain('create-collection')
})

test('stops before anything where the environment ignores the rules or has another runtime', async () => {
  const ignored = deployer(fakeEnvironment({ opa: true }))
  expect((await ignored.plan()).blockers[0]).toContain('authz_engine=opa')
  const { deploy, plan, environment } = deployer(fakeEnvironment())
  await deploy()
  Object.assign(environment.functions.get('clock') ?? {}, { Runtime: 'Nodejs12.16' })
  expect((await plan()).blockers).toEqual([
    'The function clock runs on Nodejs12.16, not on Nodejs18.15. A runtime cannot be changed: delete the function in the console, then deploy again.',
  ])
  Object.assign(environment.functions.get('clock') ?? {}, { Runtime: 'Nodejs20.19' })
  expect((await plan()).blockers).toEqual([
    expect.stringContaining('runs on Nodejs20.19, not on Nodejs18.15'),
  ])
})

test('never prints the value of a variable', () => {
  const { steps } = planDeployment(target, emptyState)
  expect(steps.map(describeStep).join('\n')).toContain('set EDITOR_KEYS')
  expect(steps.map(describeStep).join('\n')).not.toContain('of an editor')
})

test('the doctor sees what is not deployed, and who can edit', async () => {
  const fake = fakeEnvironment()
  const look = () => cloudFacts(fake.api, target, { envId: 'env', webDomain: '' })
  expect((await look()).steps?.length).toBeGreaterThan(10)
  await deployer(fake).deploy()
  expect(await look()).toEqual({ usesOpa: false, steps: [], anonymousLogin: false, hasEditorKeys: false })
  fake.environment.anonymousLogin = true
  const keys = { Key: 'EDITOR_KEYS', Value: JSON.stringify({ 王编辑: 'a'.repeat(64) }) }
  Object.assign(fake.environment.functions.get('editor') ?? {}, { Environment: { Variables: [keys] } })
  expect(await look()).toMatchObject({ anonymousLogin: true, hasEditorKeys: true })
})

describe('a rollback', () => {
  const names = target.functions.map(({ name }) => name)
  const fnOf = (name: string) => {
    const found = target.functions.find(one => one.name === name)
    if (!found) throw new Error(`no function ${name}`)
    return found
  }
  const changed = async (name: string, digest: string, task: () => Promise<void>): Promise<void> => {
    const found = fnOf(name)
    const { digest: before } = found
    found.digest = digest
    await task()
    found.digest = before
  }

  test('leads callers back to the version before the last deployment, and leaves functions that it did not change', async () => {
    const { deploy, plan, look, context, environment } = deployer(fakeEnvironment())
    await deploy()
    const serving = () =>
      Object.fromEntries([...environment.functions].map(([name, one]) => [name, one.serving]))
    expect(serving()).toEqual({ clock: '1', editor: '1' })
    context.release = '2026-11-28T10:00:00.000Z'
    await changed('editor', 'newer', deploy)
    expect(serving()).toEqual({ clock: '1', editor: '2' })
    // Somebody else's function, deployed by the same tool later.
    const theirs = {
      Version: '2',
      Description: 'kepu-cloud sha256:x config:y release:2026-11-29T10:00:00.000Z',
    }
    environment.functions.set('theirs', {
      ...structuredClone(environment.functions.get('clock') as object),
      versions: [{ Version: '1', Description: '' }, theirs],
      serving: '2',
    } as never)
    const { steps, blockers } = planRollback(names, await look())
    expect(steps.map(describeStep)).toEqual(['lead callers of editor back to its version 1'])
    expect(blockers).toEqual([])
    for (const step of steps) await applyStep(step, context)
    expect(serving()).toEqual({ clock: '1', editor: '1', theirs: '2' })
    // A deployment of the newer code only releases it again.
    await changed('editor', 'newer', async () => {
      expect((await plan()).steps.map(describeStep)).toEqual(['lead callers of editor to that version'])
    })
  })

  test('publishes a version of its own for another configuration', async () => {
    const { deploy, environment } = deployer(fakeEnvironment())
    await deploy()
    const editor = fnOf('editor')
    const { timeout } = editor
    editor.timeout = 20
    await deploy()
    editor.timeout = timeout
    expect(environment.functions.get('editor')).toMatchObject({ serving: '2' })
    expect(environment.functions.get('clock')).toMatchObject({ serving: '1' })
  })

  test('says why it cannot', async () => {
    const { deploy, look } = deployer(fakeEnvironment())
    expect(planRollback(names, emptyState).blockers).toEqual(['No function was published as a version yet.'])
    await deploy()
    expect(planRollback(names, await look()).blockers[0]).toContain('no version before')
  })

  test('finds the newest of many versions', async () => {
    const { deploy, look, environment } = deployer(fakeEnvironment())
    await deploy()
    for (let n = 0; n < 25; n++) await changed('editor', `code ${n}`, deploy)
    expect(environment.functions.get('editor')).toMatchObject({ serving: '26' })
    const { versions } = (await look()).functions.find(({ name }) => name === 'editor') ?? { versions: [] }
    expect(versions.map(({ version }) => Number(version))).toEqual(
      Array.from({ length: 26 }, (_, n) => n + 1),
    )
  })
})
