import { spawn } from 'node:child_process'

/** `npm run check`: format, types and dependency rules. */
const checks = ['typecheck', 'rules', 'lint']
/**
 * `npm run check -- --build`, for `npm test`: types, format and what the tests need built, longest first. The
 * simulator's build is not among it: it differs by one file, which a unit test checks (variant-files). A unit test
 * keeps the dependency rules, over the same folders.
 */
const checksAndBuilds = [
  'typecheck',
  'build -- weapp',
  'build -- functions stories web web-development console',
  'lint',
]

/** Each check and each build fills one core. */
const lanes = 2

/** Runs one script of package.json and returns its exit code. Prints its output in one piece when it has ended. */
function script(name: string): Promise<number> {
  return new Promise((done, fail) => {
    const child = spawn('npm', ['run', '-s', ...name.split(' ')], {
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

const waiting = process.argv.includes('--build') ? checksAndBuilds : checks

/** Runs scripts that wait, one after another. What has begun in the other lane ends; after a failure nothing begins. */
async function lane(): Promise<boolean> {
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    if ((await script(name)) === 0) continue
    waiting.length = 0
    return false
  }
  return true
}

Promise.all(Array.from({ length: lanes }, lane)).then(
  passed => process.exit(passed.every(Boolean) ? 0 : 1),
  (error: unknown) => {
    console.error(error)
    process.exit(1)
  },
)
