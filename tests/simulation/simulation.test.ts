import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

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
/** New ones in each run of the tests: a failing one prints how to repeat it. */
const freshSeeds = Array.from({ length: 5 }, () => 1_000 + Math.floor(Math.random() * 1e6))

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
