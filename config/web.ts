import { createHash } from 'node:crypto'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { minify } from '@swc/core'
import { type BuildOptions, build } from 'esbuild'
import manifest from '../package.json'
import { leanReact } from './plugins/esbuild-lean-react'
import { bundleLicences } from './plugins/esbuild-licences'
import { noStyles, webStyles, webVariants } from './plugins/esbuild-web'
import { readPrinciples } from './principles'

const root = path.resolve(__dirname, '..')
const source = (file: string): string => path.join(root, 'src/web', file)

/** Phones that the mini-program serves too (browserslist in package.json), as esbuild names them. */
const browsers = ['ios12', 'chrome67']

export interface WebBuild {
  /** Address of CloudBase's web API; empty where the site's own address serves it. */
  api: string
  /** The site's own address, for links that are used outside the site; empty if it is not known. */
  site: string
  /** React's development build, which reports differences between the server's page and the browser's. */
  development: boolean
}

/** Addresses of the site's files, each with the hash of what it holds. */
export type WebAssets = Record<'head' | 'script' | 'style' | 'more' | 'wide' | 'preview', string>

/** Options of both bundles: the pages, with our own components and functions in place of Taro's. */
function common({ api, development }: WebBuild): BuildOptions {
  return {
    absWorkingDir: root,
    bundle: true,
    minify: !development,
    legalComments: 'none',
    logLevel: 'error',
    jsx: 'automatic',
    alias: { '@tarojs/components': source('components.tsx'), '@tarojs/taro': source('taro.ts') },
    define: {
      APP_VERSION: JSON.stringify(manifest.version),
      CLOUD_ENV: '""',
      CLOUD_URL: JSON.stringify(api),
      // Pictures and links of the site stay on its own address.
      SITE_URL: '""',
      POSTER_SCRIPT: '""',
      'process.env.NODE_ENV': JSON.stringify(development ? 'development' : 'production'),
      // React tells its developer tools of itself in the development build only.
      ...(development ? {} : { __REACT_DEVTOOLS_GLOBAL_HOOK__: 'undefined' }),
    },
  }
}

/** Minifies a script further than esbuild does: 3 KB zipped of the site's 79. Adds no newer syntax. */
async function minified(script: Uint8Array): Promise<Uint8Array> {
  const { code } = await minify(Buffer.from(script).toString(), {
    ecma: 2017,
    compress: { ecma: 2017, passes: 3 },
    mangle: true,
    format: { ecma: 2017 },
  })
  return Buffer.from(code)
}

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex').slice(0, 10)

/** What the function `web` must know about the files that browsers load. */
export interface WebFiles {
  assets: WebAssets
  /** The service worker's script: the function itself serves it, at the root of the site. */
  worker: string
}

/** Builds what browsers load: one script for all pages, its styles, and the small script of the head. */
export async function buildWebAssets(output: string, options: WebBuild): Promise<WebFiles> {
  await rm(output, { recursive: true, force: true })
  await mkdir(path.join(output, 'assets'), { recursive: true })
  const { define, ...shared } = common(options)
  const poster = await buildPoster(output, options)
  const { outputFiles } = await build({
    ...shared,
    define: { ...define, POSTER_SCRIPT: JSON.stringify(poster) },
    entryPoints: {
      site: source('start.tsx'),
      head: source('head.ts'),
      more: source('more.scss'),
      wide: source('wide.scss'),
      // For the one page that the site's script does not contain.
      preview: path.join(root, 'src/more/preview/index.scss'),
    },
    outdir: path.join(output, 'assets'),
    write: false,
    format: 'iife',
    target: browsers,
    // esbuild believes that these phones lack these two features; they have both.
    supported: { destructuring: true },
    publicPath: '/assets',
    assetNames: '[name]-[hash]',
    loader: { '.png': 'file' },
    plugins: [
      webVariants,
      webStyles(source('more.scss')),
      ...(options.development ? [] : [leanReact(path.join(root, 'src'))]),
      bundleLicences(path.join(output, 'assets/LICENSES.txt')),
    ],
  })
  const assets: WebAssets = { head: '', script: '', style: '', more: '', wide: '', preview: '' }
  const files: string[] = []
  const named: Record<string, keyof WebAssets> = {
    'head.js': 'head',
    'site.js': 'script',
    'site.css': 'style',
    'more.css': 'more',
    'wide.css': 'wide',
    'preview.css': 'preview',
  }
  await Promise.all(
    outputFiles.map(async ({ path: file, contents }) => {
      const asset = named[path.basename(file)]
      const bytes = !options.development && file.endsWith('.js') ? await minified(contents) : contents
      const { name, ext } = path.parse(file)
      const final = asset ? `${name}-${hashOf(bytes)}${ext}` : path.basename(file)
      if (asset) assets[asset] = `/assets/${final}`
      files.push(`/assets/${final}`)
      await writeFile(path.join(output, 'assets', final), bytes)
    }),
  )
  for (const [asset, address] of Object.entries(assets))
    if (!address) throw new Error(`no ${asset} was built`)
  return { assets, worker: await buildWorker(files.sort(), options) }
}

/** Builds the script that draws posters. No page loads it before a reader asks for a poster. Returns its address. */
async function buildPoster(output: string, options: WebBuild): Promise<string> {
  const { outputFiles } = await build({
    ...common(options),
    entryPoints: [source('poster.ts')],
    outdir: path.join(output, 'assets'),
    write: false,
    format: 'iife',
    target: browsers,
    supported: { destructuring: true },
    plugins: [webVariants, noStyles, bundleLicences(path.join(output, 'assets/POSTER-LICENSES.txt'))],
  })
  const [script] = outputFiles
  if (!script) throw new Error('no script for posters was built')
  const bytes = options.development ? script.contents : await minified(script.contents)
  const address = `/assets/poster-${hashOf(bytes)}.js`
  await writeFile(path.join(output, address), bytes)
  return address
}

async function buildWorker(files: readonly string[], options: WebBuild): Promise<string> {
  const { define, ...shared } = common(options)
  const { outputFiles } = await build({
    ...shared,
    entryPoints: [source('service-worker.ts')],
    outdir: '.',
    write: false,
    format: 'iife',
    // Older browsers run without it and lose only offline reading.
    target: 'es2020',
    define: { ...define, SITE_ASSETS: JSON.stringify(files) },
  })
  return outputFiles[0]?.text ?? ''
}

/** Options of the function `web` in addition to those of every function (config/cloudfunctions.ts). */
export function webFunctionOptions(options: WebBuild, { assets, worker }: WebFiles): BuildOptions {
  const { define, alias, jsx } = common(options)
  const { origin } = options.api ? new URL(options.api) : { origin: '' }
  const server = `react-dom-server-legacy.node.${options.development ? 'development' : 'production.min'}.js`
  return {
    jsx: jsx ?? 'automatic',
    alias: { ...alias, 'react-dom/server': path.join(root, 'node_modules/react-dom/cjs', server) },
    define: {
      ...define,
      // The function gives it to the one document that shows it.
      PRINCIPLES: readPrinciples(),
      WEB_ASSETS: JSON.stringify(assets),
      WEB_WORKER: JSON.stringify(worker),
      WEB_API_ORIGIN: JSON.stringify(origin),
      SITE_ORIGIN: JSON.stringify(options.site),
    },
    plugins: [webVariants, noStyles],
  }
}
