import { readFileSync } from 'node:fs'
import path from 'node:path'
import { costOf, measured, tableOf, tick } from '../../deploy/cost/cost'
import { marks } from '../bench/marks'
import { simulateRush } from '../bench/scale'

const root = path.resolve(__dirname, '../..')
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8')

const documents = [
  'README.md',
  'README.zh-CN.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'deploy/README.md',
  'docs/release-checklist.md',
]

/** Files of each script that take options, besides the ones that its own file names. */
const sources: Record<string, string[]> = {
  deploy: ['deploy/cli.ts'],
  doctor: ['deploy/doctor/cli.ts'],
  backup: ['deploy/backup/cli.ts'],
  restore: ['deploy/backup/cli.ts'],
  cost: ['deploy/cost/cli.ts'],
  fuzz: ['tests/fuzz/run.ts'],
  cloud: ['local-cloud/cli.ts'],
}

interface Named {
  script: string
  options: string[]
}

/** The commands `npm run x -- --option` of a text. */
const commandsIn = (text: string): Named[] =>
  [...text.matchAll(/\bnpm (?:run (?:-s )?)?([a-z][\w-]*(?::\w+)?)((?: --(?:[ \n]+[^`\n|]*)?)?)/g)].flatMap(
    ([, script = '', rest = '']) =>
      ['ci', 'run', 'install'].includes(script)
        ? []
        : [{ script, options: [...rest.matchAll(/ --([a-z][a-z-]*)/g)].map(([, name = '']) => name) }],
  )

/** Commands and options that do not exist. */
function unknownIn(text: string, scripts: Record<string, string>): string[] {
  return commandsIn(text).flatMap(({ script, options }) => {
    if (!(script in scripts)) return [`npm run ${script}`]
    const source = (sources[script] ?? []).map(read).join('\n')
    return options
      .filter(
        name => !source.includes(`--${name}`) && !new RegExp(`['" ]?${name}['"]?: \\{ type`).test(source),
      )
      .map(name => `npm run ${script} -- --${name}`)
  })
}

const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }

test.each(documents)('every command that %s names exists, with its options', file => {
  const text = read(file)
  expect(unknownIn(text, { ...scripts, ...(file.startsWith('deploy/') ? { typecheck: '' } : {}) })).toEqual(
    [],
  )
})

test('finds a command and an option that do not exist', () => {
  expect(unknownIn('`npm run nothing`, `npm run deploy -- --never`, `npm start`', scripts)).toEqual([
    'npm run nothing',
    'npm run deploy -- --never',
  ])
})

test('both READMEs name the same commands', () => {
  const names = (file: string): string[] =>
    [...new Set(commandsIn(read(file)).map(({ script }) => script))].sort()
  expect(names('README.zh-CN.md')).toEqual(names('README.md'))
})

/** Files and pages that a document links to. */
const linksIn = (text: string): string[] =>
  [...text.matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g)].map(([, target = '']) => target)

test.each([...documents, 'docs/threat-model.md', 'docs/scale.md'])(
  'every link of %s leads to a file',
  file => {
    for (const link of linksIn(read(file)))
      expect(() => read(path.join(path.dirname(file), decodeURIComponent(link)))).not.toThrow()
  },
)

test('the table of costs is the one that npm run cost prints', () => {
  const rows = costOf(1_000_000)
  expect(read('README.md')).toContain(tableOf(rows, 'en'))
  expect(read('README.zh-CN.md')).toContain(tableOf(rows, 'zh'))
})

describe('the cost', () => {
  const total = (readers: number) => costOf(readers).at(-1)?.ours ?? 0

  test('counts what the bench limits', () => {
    expect(measured.open.operations).toBe(marks['article.open.dbOps.warm']?.limit)
    expect(measured.vote.operations).toBeLessThanOrEqual(marks['vote.requests.calm']?.limit ?? 0)
    expect(measured.open.calls).toBe(marks['article.open.calls']?.limit)
    expect(tick.operations).toBe(marks['clock.idle.requests']?.limit)
  })

  test('is the base plan without readers, and rises with them by the price of what they use', () => {
    expect(total(0)).toBeCloseTo(19.9, 5)
    const rows = costOf(10_000_000)
    for (const key of ['ours', 'naive'] as const) {
      const parts = rows.slice(0, -1).reduce((sum, row) => sum + row[key], 0)
      expect(parts).toBeCloseTo(rows.at(-1)?.[key] ?? 0, 5)
    }
    expect(total(2_000_000) - total(1_000_000)).toBeCloseTo(total(3_000_000) - total(2_000_000), 3)
    expect(total(1_000_000)).toBeLessThan((costOf(1_000_000).at(-1)?.naive ?? 0) / 3)
  })
})

test('docs/scale.md has the figures of its simulation', () => {
  const { refusedFirstMinute, refusedHour, instances, meetings } = simulateRush(1)
  const percent = (share: number): string => `${Math.round(share * 100)} %`
  const cells = [...read('docs/scale.md').matchAll(/^\| [^|]+ \| ([\d]+(?: %)?) \|$/gm)].map(
    ([, cell]) => cell,
  )
  expect(cells).toEqual([
    percent(refusedFirstMinute),
    percent(refusedHour),
    String(instances),
    percent(meetings),
  ])
})
