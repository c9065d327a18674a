import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type BallotCall, isLinearizable } from '../../simulation/checks/ballot-history'
import { type Plant, planted } from '../../simulation/plant'
import { plants } from '../../simulation/plants'
import { finders } from './finders'

const root = path.resolve(__dirname, '../..')
const folder = mkdtempSync(path.join(tmpdir(), 'simulation-test-'))

afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Runs a script in a process of its own: the simulation takes over its time and chance. */
function run(script: string, ...args: string[]): Promise<{ code: number; output: string }> {
  return new Promise(done => {
    const options = { cwd: root, maxBuffer: 64 << 20 }
    execFile(process.execPath, ['--import', 'tsx', script, ...args], options, (error, stdout, stderr) => {
      done({ code: error ? Number(error.code ?? 1) : 0, output: stdout + stderr })
    })
  })
}

const simulate = (...args: string[]) => run('simulation/run.ts', ...args)

const fixedSeeds = Array.from({ length: 20 }, (_, number) => number + 1)
/** New ones for each commit, so that who repeats its tests sees what they saw. */
const commit = Number.parseInt(execFileSync('git', ['rev-parse', '--short=7', 'HEAD']).toString(), 16)
const freshSeeds = Array.from({ length: 5 }, (_, number) => 1_000 + commit + number)

test('every rule holds in 20 fixed and 5 fresh seeds', async () => {
  const { code, output } = await simulate('--steps', '250', '--seed', [...fixedSeeds, ...freshSeeds].join())
  if (code !== 0) throw new Error(output)
}, 120_000)

test('the same seed gives the same log to the byte', async () => {
  const logs = ['first', 'second'].map(name => path.join(folder, name))
  await Promise.all(logs.map(log => simulate('--seed', '7,8', '--steps', '300', '--log', log)))
  const [first, second] = logs.map(log => readFileSync(log, 'utf8'))
  expect(first).toBe(second)
  expect(first?.split('\n').length).toBeGreaterThan(300)
}, 60_000)

describe('a planted fault breaks its rule', () => {
  let found: { plant: string; seed: number | null; problem?: string }[] = []
  beforeAll(async () => {
    const { output } = await run('tests/simulation/find-planted.ts')
    found = output.split('\n').flatMap(line => (line.startsWith('{') ? [JSON.parse(line)] : []))
  }, 120_000)

  // Where the code takes other steps by now, another seed finds it.
  test.each(finders)('replay seed $seed with $plant: found', ({ plant, breaks }) => {
    expect(found.find(one => one.plant === plant)).toEqual({
      plant,
      seed: expect.any(Number),
      problem: expect.stringMatching(breaks),
    })
  })
})

test('every planted fault has a finder, and is still a change of the code', () => {
  expect(finders.map(({ plant }) => plant).sort()).toEqual(Object.keys(plants).sort())
  for (const plant of Object.values<Plant>(plants))
    for (const name of new Set(plant.edits?.flatMap(({ functions }) => functions))) {
      const text = readFileSync(path.join(root, 'dist/cloudfunctions', name, 'index.js'), 'utf8')
      expect(planted(plant, name, text)).not.toBe(text)
    }
})

describe('the order of the calls on a ballot', () => {
  const vote = (from: number, to: number, wish: number, told: number): BallotCall => ({
    ...{ kind: 'vote', from, to, choice: `choice${wish}`, wish, basedOn: undefined },
    told: { choice: `choice${told}`, wish: told },
  })
  const read = (from: number, to: number, told: number): BallotCall => ({
    ...{ kind: 'read', from, to, choice: '', wish: 0, basedOn: undefined },
    told: { choice: told === 0 ? '' : `choice${told}`, wish: told },
  })

  test.each<[says: string, calls: BallotCall[], isRight: boolean]>([
    ['explains one after another', [vote(1, 2, 1, 1), read(3, 4, 1), vote(5, 6, 2, 2), read(7, 8, 2)], true],
    ['explains a vote that a newer one outran', [vote(1, 9, 1, 2), vote(2, 4, 2, 2), read(5, 6, 2)], true],
    // Seed 129 of 1,000 steps: the first reply was lost, and the vote sent again.
    [
      'explains a vote that was seen, and answered later',
      [vote(1, 9, 1, 2), read(2, 3, 1), vote(4, 5, 2, 2)],
      true,
    ],
    ['refuses a vote that is gone', [vote(1, 2, 1, 1), read(3, 4, 0)], false],
    ['refuses an older vote after a newer one', [vote(1, 9, 1, 2), vote(2, 4, 2, 2), read(5, 6, 1)], false],
    ['refuses an answer that no vote gave', [vote(1, 2, 1, 3)], false],
    ['refuses an answer from before the vote', [vote(1, 2, 1, 1), vote(3, 4, 2, 1)], false],
  ])('%s', (_says, calls, isRight) => {
    expect(isLinearizable(calls)).toBe(isRight)
  })
})

test('a failing seed prints its steps, and how to repeat it', async () => {
  const plant = 'counts outside the transaction'
  const { code, output } = await simulate('--seed', '2', '--plant', plant, '--steps', '300')
  expect(code).toBe(1)
  expect(output).toMatch(/PROBLEM counts of mood:/)
  const again =
    /again: npm run simulate -- --seed (\d+) --steps (\d+) --faults '(.*)' --actors '(.*)' --plant/.exec(
      output,
    )
  expect(Number(again?.[2])).toBeLessThan(300)
}, 60_000)
