import { spawn } from 'node:child_process'
import path from 'node:path'
import { Misuse } from '../../config/given'
import { installedNode } from './binary'

const root = path.resolve(__dirname, '../..')

/** `npm run test:node -- 24 [jest arguments]` runs the tests, and every process they start, on another Node version. */
async function run(major: string | undefined, jestArguments: readonly string[]): Promise<number> {
  const binary = await installedNode(major ?? '', path.join(root, '.cache'))
  const child = spawn(binary, [path.join(root, 'node_modules/jest/bin/jest.js'), ...jestArguments], {
    cwd: root,
    // `npm` and `npx` start the first `node` on the PATH.
    env: { ...process.env, PATH: `${path.dirname(binary)}${path.delimiter}${process.env.PATH ?? ''}` },
    stdio: 'inherit',
  })
  return new Promise((done, fail) => {
    child.once('error', fail)
    child.once('close', code => done(code ?? 1))
  })
}

const [major, ...jestArguments] = process.argv.slice(2)
run(major, jestArguments).then(
  code => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error)
    process.exit(error instanceof Misuse ? 2 : 1)
  },
)
