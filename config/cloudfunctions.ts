import { existsSync } from 'node:fs'
import { copyFile, mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { type BuildOptions, build } from 'esbuild'
import { bundleLicences } from './plugins/esbuild-licences'
import { lazyRequires } from './plugins/lazy-requires'
import { silentUrlParse } from './plugins/silent-url-parse'

/** The packages of the SDK that consist of compiled modules. The others are single files. */
const sdkModules = /node_modules\/@cloudbase\/(node-sdk\/dist|database\/dist\/commonjs)\/.*\.js$/

/** Bundled with the site, which it renders (config/web.ts). */
const siteFunction = 'web'

/**
 * Bundles a cloud function together with the SDK. It starts in less than half the time of a function that requires the
 * SDK from node_modules, and the console need not install dependencies (it refuses install scripts). So the deployed
 * package.json lists none. `more` holds esbuild options of one function.
 */
export async function buildFunction(
  source: string,
  output: string,
  name: string,
  more: BuildOptions = {},
): Promise<void> {
  const folder = path.join(output, name)
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  await build({
    entryPoints: [path.join(source, name, 'index.ts')],
    outfile: path.join(folder, 'index.js'),
    bundle: true,
    platform: 'node',
    // The oldest runtime of the cloud that still gets fixes (云函数运行环境: Nodejs 18.15).
    target: 'node18',
    format: 'cjs',
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    logLevel: 'error',
    ...more,
    plugins: [
      lazyRequires(sdkModules),
      silentUrlParse(),
      bundleLicences(path.join(folder, 'LICENSES.txt')),
      ...(more.plugins ?? []),
    ],
  })
  const manifest = { name, version: '1.0.0', main: 'index.js' }
  await writeFile(path.join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
  await copyFile(path.join(source, name, 'config.json'), path.join(folder, 'config.json'))
}

/**
 * Builds every function except the site's. `site` is the site's address, empty if it is not known. Removes the output of
 * functions that no longer exist.
 */
export async function buildCloudFunctions(source: string, output: string, site = ''): Promise<string[]> {
  const folders = await readdir(source, { withFileTypes: true })
  const names = folders
    .filter(entry => entry.isDirectory() && existsSync(path.join(source, entry.name, 'index.ts')))
    .map(entry => entry.name)
    .filter(name => name !== siteFunction)
    .sort()
  const define = { SITE_ORIGIN: JSON.stringify(site) }
  await mkdir(output, { recursive: true })
  for (const name of await readdir(output)) {
    if (name !== siteFunction) await rm(path.join(output, name), { recursive: true, force: true })
  }
  await Promise.all(names.map(name => buildFunction(source, output, name, { define })))
  return names
}
