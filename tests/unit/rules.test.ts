import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

const root = path.resolve(__dirname, '../..')
const cruiser = path.join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs')
const { scripts } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
  scripts: { rules: string }
}
/** The folders that `npm run rules` checks. */
const folders = scripts.rules.split(' ').slice(3)

interface Violation {
  from: string
  to: string
  rule: { name: string }
}

interface Summary {
  totalCruised: number
  violations: Violation[]
}

/** Runs dependency-cruiser as `npm run rules` does, in a folder. It exits with the number of errors. */
function cruise(folder: string): Promise<Summary> {
  const args = [cruiser, '--config', '.dependency-cruiser.cjs', '--output-type', 'json', ...folders]
  return new Promise((done, fail) => {
    execFile(process.execPath, args, { cwd: folder, maxBuffer: 64 << 20 }, (_error, stdout, stderr) => {
      try {
        done((JSON.parse(stdout) as { summary: Summary }).summary)
      } catch {
        fail(new Error(stderr || stdout))
      }
    })
  })
}

test('the source tree keeps every dependency rule', async () => {
  const { violations, totalCruised } = await cruise(root)
  expect(violations.map(({ from, to, rule }) => `${rule.name}: ${from} → ${to}`)).toEqual([])
  // A configuration that resolves no import would find no violation.
  expect(totalCruised).toBeGreaterThan(80)
}, 120_000)

/** A small tree that keeps every rule; each planted file is added to it. */
const lawful: Record<string, string> = {
  'node_modules/valibot/package.json': '{"name":"valibot","version":"1.0.0","main":"index.js"}',
  'node_modules/valibot/index.js': 'exports.string = () => ({})',
  'node_modules/wx-server-sdk/package.json': '{"name":"wx-server-sdk","version":"4.0.2","main":"index.js"}',
  'node_modules/wx-server-sdk/index.js': 'exports.init = () => {}',
  'src/contract/mood.ts': "import * as v from 'valibot'\nexport const Mood = v.string()",
  'src/site.ts': 'export const site = {}',
  'src/cloud/transport.ts': 'export const invoke = () => 1',
  'src/cloud/call.ts': "import { invoke } from './transport'\nexport const call = invoke",
  'src/platform/cache.ts': "import { most } from './cache-index'\nexport const cache = most",
  'src/platform/cache-index.ts': 'export const most = 1',
  'src/votes/vote-store.ts': "import { call } from '#cloud/call'\nexport const store = call",
  'src/features/reading/story-cache.ts':
    "import { cache } from '#platform/cache'\nexport const stories = cache",
  'src/components/Icon.tsx': 'export const Icon = 1',
  'src/features/feed/use-feed.ts': "import { call } from '#cloud/call'\nexport const useFeed = call",
  'src/features/moods/use-mood.ts': "import { Mood } from '#contract/mood'\nexport const useMood = Mood",
  'src/pages/home/index.tsx':
    "import { useFeed } from '#features/feed/use-feed'\nexport const home = useFeed",
  'src/pages/article/index.tsx': 'export const article = 1',
  'src/web/Site.tsx': "import { home } from '../pages/home/index'\nexport const Site = home",
  'cloudfunctions/web/index.ts': "import { Site } from '../../src/web/Site'\nexport const main = Site",
  'cloudfunctions/shared/cloud.ts': "import cloud from 'wx-server-sdk'\nexport const db = cloud",
  'cloudfunctions/shared/log.ts': "import { site } from '#site'\nexport const log = site",
  'cloudfunctions/shared/stores/votes.ts': "import { db } from '../cloud'\nexport const votes = db",
  'cloudfunctions/shared/voting/poll.ts':
    "import { votes } from '../stores/votes'\nexport const poll = votes",
  'cloudfunctions/shared/reading/read-feed.ts': 'export const feed = []',
  'cloudfunctions/shared/publishing/tokens.ts': 'export type Token = string',
  'cloudfunctions/shared/serve.ts': 'export const serve = 1',
  'cloudfunctions/content/index.ts': "import { log } from '#shared/log'\nexport const main = log",
  'cloudfunctions/reactions/index.ts': "import { Mood } from '#contract/mood'\nexport const main = Mood",
  'local-cloud/cloud.ts': 'export const start = 1',
  'deploy/plan.ts': 'export const plan = 1',
  'weapp-host/driver.ts': 'export const launch = 1',
  'config/build.ts': 'export const build = 1',
  'simulation/simulate.ts': 'export const simulate = 1',
  'stories/build/sample-ids.ts': 'export const sampleStoryId = 1',
  'tests/some.test.ts': "export { launch } from '../weapp-host/driver'",
}

const planted: ReadonlyArray<[rule: string, file: string, text: string]> = [
  ['contract-imports-only-valibot', 'src/contract/bad.ts', "export * from '#site'"],
  ['contract-imports-only-valibot', 'src/contract/bad-node.ts', "export { join } from 'node:path'"],
  ['components-know-no-feature', 'src/components/Bad.tsx', "export * from '#features/feed/use-feed'"],
  ['components-know-no-feature', 'src/components/BadCall.tsx', "export * from '../cloud/call'"],
  ['components-know-no-feature', 'src/components/BadVote.tsx', "export * from '../votes/vote-store'"],
  ['foundations-know-no-feature', 'src/cloud/bad.ts', "export * from '#features/feed/use-feed'"],
  ['foundations-know-no-feature', 'src/platform/bad-icon.ts', "export { Icon } from '#components/Icon'"],
  ['platform-knows-no-cloud', 'src/platform/bad.ts', "export * from '#cloud/call'"],
  ['platform-knows-no-cloud', 'src/text/bad.ts', "export * from '../votes/vote-store'"],
  ['cache-by-its-owners', 'src/features/feed/bad-cache.ts', "export * from '#platform/cache'"],
  ['cache-by-its-owners', 'src/pages/article/bad-cache.ts', "export * from '#platform/cache-index'"],
  ['features-are-strangers', 'src/features/moods/bad.ts', "export * from '#features/feed/use-feed'"],
  [
    'features-are-strangers',
    'src/features/moods/bad-type.ts',
    "export type Feed = typeof import('../feed/use-feed')",
  ],
  ['nothing-imports-pages', 'src/features/feed/bad.ts', "export * from '../../pages/home/index'"],
  ['pages-import-no-page', 'src/pages/article/bad.tsx', "export * from '../home/index'"],
  [
    'client-and-cloud-meet-in-contract',
    'cloudfunctions/shared/bad.ts',
    "export * from '#features/moods/use-mood'",
  ],
  ['one-function-renders-the-site', 'cloudfunctions/web/bad.ts', "export * from '#features/moods/use-mood'"],
  ['the-site-stands-on-top', 'src/features/feed/bad-site.ts', "export * from '../../web/Site'"],
  ['client-imports-no-cloudfunction', 'src/features/feed/bad-log.ts', "export * from '#shared/log'"],
  ['functions-are-strangers', 'cloudfunctions/reactions/bad.ts', "export * from '../content/index'"],
  ['shared-imports-no-function', 'cloudfunctions/shared/bad-function.ts', "export * from '../content/index'"],
  [
    'stores-know-only-rows',
    'cloudfunctions/shared/stores/bad-voting.ts',
    "export type Poll = typeof import('../voting/poll')",
  ],
  [
    'stores-know-only-rows',
    'cloudfunctions/shared/stores/bad-publishing.ts',
    "export type { Token } from '../publishing/tokens'",
  ],
  ['stores-know-only-rows', 'cloudfunctions/shared/stores/bad-serve.ts', "export * from '#shared/serve'"],
  [
    'stores-know-only-rows',
    'cloudfunctions/shared/stores/bad-reading.ts',
    "export * from '../reading/read-feed'",
  ],
  [
    'stores-know-only-rows',
    'cloudfunctions/shared/stores/bad-handler.ts',
    "export * from '../../content/index'",
  ],
  ['one-door-to-the-sdk', 'cloudfunctions/content/bad.ts', "export { default } from 'wx-server-sdk'"],
  ['one-door-to-the-cloud', 'src/features/feed/bad-transport.ts', "export * from '#cloud/transport'"],
  [
    'nothing-shipped-imports-the-local-cloud',
    'cloudfunctions/content/bad-local.ts',
    "export * from '../../local-cloud/cloud'",
  ],
  [
    'nothing-shipped-imports-dev-tools',
    'src/features/feed/bad-tools.ts',
    "export * from '../../../config/build'",
  ],
  [
    'nothing-shipped-imports-dev-tools',
    'cloudfunctions/content/bad-samples.ts',
    "export * from '../../stories/build/sample-ids'",
  ],
  [
    'nothing-shipped-imports-dev-tools',
    'cloudfunctions/shared/bad-host.ts',
    "export * from '../../weapp-host/driver'",
  ],
  [
    'nothing-shipped-imports-dev-tools',
    'cloudfunctions/shared/bad-deploy.ts',
    "export * from '../../deploy/plan'",
  ],
  ['only-tests-import-the-simulation', 'config/bad-simulation.ts', "export * from '../simulation/simulate'"],
  ['weapp-host-stands-alone', 'weapp-host/bad.ts', "export * from '../src/site'"],
  ['weapp-host-stands-alone', 'weapp-host/bad-test.ts', "export * from '../tests/some.test'"],
  ['no-cycles', 'cloudfunctions/shared/bad-a.ts', "export * from './bad-b'"],
  ['resolvable', 'src/features/feed/bad-nothing.ts', "export * from './nothing-there'"],
]

describe('a planted violation', () => {
  let folder: string
  let violations: Violation[]

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'rules-'))
    for (const file of [
      '.dependency-cruiser.cjs',
      'package.json',
      'tsconfig.base.json',
      'tsconfig.node.json',
    ]) {
      cpSync(path.join(root, file), path.join(folder, file))
    }
    const files = { ...lawful, 'cloudfunctions/shared/bad-b.ts': "export * from './bad-a'" }
    for (const [file, text] of [
      ...Object.entries(files),
      ...planted.map(([, file, text]) => [file, text] as const),
    ]) {
      mkdirSync(path.dirname(path.join(folder, file)), { recursive: true })
      writeFileSync(path.join(folder, file), `${text}\n`)
    }
    violations = (await cruise(folder)).violations
  }, 120_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test.each(planted)('of %s is reported (%s)', (rule, file) => {
    expect(violations.filter(({ from }) => from === file).map(violation => violation.rule.name)).toContain(
      rule,
    )
  })

  test('is needed for a report: permitted files beside it are not reported', () => {
    expect(violations.filter(({ from }) => from in lawful)).toEqual([])
  })

  test('exists for every rule', () => {
    const { forbidden } = jest.requireActual<{ forbidden: { name: string }[] }>(
      path.join(root, '.dependency-cruiser.cjs'),
    )
    const names = forbidden.map(({ name }) => name)
    expect([...new Set(planted.map(([rule]) => rule))].sort()).toEqual(names.sort())
  })
})
