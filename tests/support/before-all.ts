import { renameSync } from 'node:fs'
import path from 'node:path'
import { build } from 'esbuild'
import { browserPath } from './browser'

const root = path.resolve(__dirname, '../..')

/**
 * Bundles the local cloud once with its packages, because the tests start it some two hundred times and each start would
 * look for three hundred files. The bundle stays inside the repository, where it finds the packages that do not bundle.
 * Other runs may use its name at this moment, so a whole file takes the place of the old one.
 */
async function bundleCloud(): Promise<string> {
  const bundle = path.join(root, '.cache/local-cloud.cjs')
  const part = `${bundle}.${process.pid}`
  const home = path.join(root, 'local-cloud')
  await build({
    entryPoints: [path.join(home, 'cli.ts')],
    outfile: part,
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
  renameSync(part, bundle)
  return bundle
}

/** Unpacks the browser once: two test files that unpack it at the same time would start a half-written program. */
export default async function beforeAllTests(): Promise<void> {
  const [bundle, browser] = await Promise.all([bundleCloud(), browserPath()])
  process.env.BUNDLED_CLOUD = bundle
  process.env.UNPACKED_BROWSER = browser
}
