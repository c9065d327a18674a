import { spawn } from 'node:child_process'

/** `npm run check`: format, types and dependency rules, in two lanes, because each check fills one core. */
const lanes = [['typecheck'], ['lint', 'rules']]

/** Runs one script of package.json and returns its exit code. Prints its output in one piece when it has ended. */
function script(name: string): Promise<number> {
  return new Promise((done, fail) => {
    const child = spawn('npm', ['run', '-s', name], {
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    })
    const said: Buffer[] = []
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => said.push(part))
    child.once('error', fail)
    child.once('close', code => {
      process.stdout.write(Buffer.concat(said))
      done(code ?? 1)
    })
  })
}

async function run(lane: readonly string[]): Promise<boolean> {
  for (const name of lane) if ((await script(name)) !== 0) return false
  return true
}

Promise.all(lanes.map(run)).then(
  passed => process.exit(passed.every(Boolean) ? 0 : 1),
  (error: unknown) => {
    console.error(error)
    process.exit(1)
  },
)
