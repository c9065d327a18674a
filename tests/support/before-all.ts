import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { build } from 'esbuild'
import { browserPath } from './browser'

const root = path.resolve(__dirname, '../..')
const cache = path.join(root, '.cache')
const byteCode = path.join(cache, 'byte-code')

/** Writes a file at once as a whole: other runs may use its name at this moment. */
function put(file: string, text: string | Uint8Array): void {
  const part = `${file}.${process.pid}`
  writeFileSync(part, text)
  renameSync(part, file)
}

/**
 * Bundles the local cloud once with its packages, because the tests start it some two hundred times and each start would
 * look for three hundred files. The bundle stays inside the repository, where it finds the packages that do not bundle.
 * It starts with the byte code of an earlier start: compiling three megabytes takes a third of a start.
 */
async function bundleCloud(): Promise<string> {
  const home = path.join(root, 'local-cloud')
  const { outputFiles } = await build({
    entryPoints: [path.join(home, 'cli.ts')],
    write: false,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    external: ['libsql'],
    // The database tells errors of mingo by the name of their class.
    keepNames: true,
    define: { __dirname: JSON.stringify(home) },
    logLevel: 'error',
  })
  const [code] = outputFiles
  if (!code) throw new Error('esbuild wrote no bundle')
  // Named by its content, so that the byte code always belongs to the text.
  const name = `cloud-${code.hash.replace(/\W/g, '-')}`
  const file = path.join(byteCode, `${name}.cjs`)
  if (!existsSync(file)) put(file, code.contents)
  const bundle = path.join(cache, 'local-cloud.cjs')
  const launcher = path.join(__dirname, 'start-with-byte-code.cjs')
  put(bundle, `require(${JSON.stringify(launcher)})(${JSON.stringify(file)})\n`)
  return bundle
}

/** Starts and ends a cloud, which leaves its byte code behind. */
async function warmUp(bundle: string): Promise<void> {
  const folders = ['--functions', __dirname, '--rules', path.join(__dirname, 'rules')]
  const cloud = spawn(process.execPath, [bundle, ...folders, 'start', '--memory', '--json', '--port', '0'], {
    env: { ...process.env, KEEP_BYTE_CODE: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(cloud, 'exit')
  await Promise.race([once(cloud.stdout, 'data'), ended])
  cloud.kill('SIGTERM')
  await ended
}

/** Byte code of older builds is useless. */
function clearOld(): void {
  mkdirSync(byteCode, { recursive: true })
  const dayAgo = Date.now() - 24 * 3600_000
  for (const name of readdirSync(byteCode)) {
    const file = path.join(byteCode, name)
    // Another run may remove it first.
    if ((statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0) < dayAgo) rmSync(file, { force: true })
  }
}

/** Unpacks the browser once: two test files that unpack it at the same time would start a half-written program. */
export default async function beforeAllTests(): Promise<void> {
  clearOld()
  const [bundle, browser] = await Promise.all([bundleCloud(), browserPath()])
  await warmUp(bundle)
  process.env.BUNDLED_CLOUD = bundle
  process.env.CLOUD_BYTE_CODE = byteCode
  process.env.UNPACKED_BROWSER = browser
}
