import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { buildStories } from '../stories/build/build-stories'
import { buildCloudFunctions, buildFunction } from './cloudfunctions'
import { bundleLicences } from './plugins/esbuild-licences'
import { buildWebAssets, webFunctionOptions } from './web'

/**
 * What can be built, dependencies first. A target is rebuilt only if its sources, tools or variables have changed.
 */
export const targets = ['functions', 'stories', 'web', 'console', 'weapp', 'weapp-local'] as const
/** The site with React's development build, for tests: with functions and files of its own. */
const extraTargets = ['web-development'] as const
export type Target = (typeof targets)[number] | (typeof extraTargets)[number]

const run = promisify(execFile)
const root = path.resolve(__dirname, '..')
const dist = (name: string): string => path.join(root, 'dist', name)
const outputs: Record<Target, string> = {
  functions: dist('cloudfunctions'),
  stories: dist('stories'),
  web: dist('web'),
  'web-development': dist('web-development'),
  console: dist('console'),
  weapp: dist('weapp'),
  'weapp-local': dist('weapp-local'),
}
const tools = ['config', 'package.json', 'package-lock.json', 'babel.config.js', 'tsconfig.base.json']
/** Files and folders that each target is built from, relative to the root. */
export const sources: Record<Target, readonly string[]> = {
  functions: ['cloudfunctions', 'src/contract', 'src/site.ts', ...tools],
  stories: [
    'stories',
    'cloudfunctions/shared/publishing',
    'cloudfunctions/shared/stores',
    'cloudfunctions/shared/beijing-time.ts',
    'src/contract',
    'src/site.ts',
  ],
  web: ['cloudfunctions', 'src', 'stories', ...tools],
  'web-development': ['cloudfunctions', 'src', 'stories', ...tools],
  console: ['local-cloud/console/page', 'src/contract', ...tools],
  weapp: ['src', 'project.config.json', ...tools],
  'weapp-local': ['src', 'project.config.json', ...tools],
}

/**
 * The variables of the phone preview, where the simulator gets a reader's identity. Its address is the one after the
 * site's.
 */
const previewPort = (): number => Number(process.env.PORT ?? 8787) + 1

/** Environment variables that a target's build reads. A change of one rebuilds the target. */
function variablesOf(target: Target): Record<string, string> {
  const real = {
    KEPU_CLOUD_ENV: process.env.KEPU_CLOUD_ENV ?? '',
    KEPU_SITE_URL: process.env.KEPU_SITE_URL ?? '',
  }
  switch (target) {
    case 'weapp':
      return { ...real, KEPU_LEAN_WITHOUT: process.env.KEPU_LEAN_WITHOUT ?? '' }
    case 'weapp-local':
      return { KEPU_TARGET: 'local', KEPU_LOCAL_CLOUD: `http://127.0.0.1:${previewPort()}` }
    case 'web':
    case 'web-development':
      return { KEPU_WEB_API: process.env.KEPU_WEB_API ?? '', KEPU_SITE_URL: process.env.KEPU_SITE_URL ?? '' }
    default:
      return {}
  }
}

function filesUnder(entry: string): string[] {
  const full = path.join(root, entry)
  if (!existsSync(full)) return []
  if (statSync(full).isFile()) return [entry]
  return readdirSync(full, { recursive: true, encoding: 'utf8' })
    .map(file => path.join(entry, file))
    .filter(file => statSync(path.join(root, file)).isFile())
    .sort()
}

function stampOf(target: Target): string {
  const hash = createHash('sha256')
  hash.update(JSON.stringify(variablesOf(target)))
  for (const file of sources[target].flatMap(filesUnder)) {
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(path.join(root, file)))
  }
  return hash.digest('hex')
}

async function taro(target: Target): Promise<void> {
  const cli = path.join(root, 'node_modules/@tarojs/cli/bin/taro')
  const { FORCE_COLOR: _, NODE_ENV: __, ...environment } = process.env
  const set = Object.fromEntries(Object.entries(variablesOf(target)).filter(([, value]) => value !== ''))
  rmSync(outputs[target], { recursive: true, force: true })
  const env = { ...environment, ...set, NODE_ENV: 'production' }
  let output = ''
  try {
    const { stdout, stderr } = await run(process.execPath, [cli, 'build', '--type', 'weapp'], {
      cwd: root,
      env,
      maxBuffer: 64 << 20,
    })
    output = stdout + stderr
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string }
    throw new Error(`The ${target} build failed.\n${stdout}${stderr}`)
  }
  // If webpack reports errors, Taro exits with 0 and leaves an empty folder.
  const made = path.join(outputs[target], 'app.json')
  if (!existsSync(made)) throw new Error(`The ${target} build failed.\n${output}`)
}

/** Writes the project file of a build that is opened by itself. It names no functions: the root folder deploys them. */
function writeProject(target: 'weapp' | 'weapp-local'): void {
  const project = JSON.parse(readFileSync(path.join(root, 'project.config.json'), 'utf8')) as {
    projectname: string
    cloudfunctionRoot?: string
    setting: Record<string, unknown>
    [key: string]: unknown
  }
  const { cloudfunctionRoot: _, ...rest } = { ...project, miniprogramRoot: './' }
  const local = {
    projectname: `${project.projectname}-local`,
    // The local cloud uses http and 127.0.0.1, which a released mini-program may not call.
    setting: { ...project.setting, urlCheck: false },
  }
  const own = target === 'weapp' ? rest : { ...rest, ...local }
  writeFileSync(path.join(outputs[target], 'project.config.json'), `${JSON.stringify(own, null, 2)}\n`)
}

/** The site: what browsers load, the stories' pictures, and the function that renders its pages. */
async function buildSite(site: string, functions: string, development: boolean): Promise<void> {
  const { KEPU_WEB_API: api = '', KEPU_SITE_URL: address = '' } = variablesOf('web')
  const options = { api, site: address, development }
  const files = await buildWebAssets(site, options)
  cpSync(path.join(outputs.stories, 'pictures'), path.join(site, 'pictures'), { recursive: true })
  await buildFunction(path.join(root, 'cloudfunctions'), functions, 'web', webFunctionOptions(options, files))
}

/** The page of the local cloud's console. */
async function buildConsole(output: string): Promise<void> {
  const page = path.join(root, 'local-cloud/console/page')
  rmSync(output, { recursive: true, force: true })
  await build({
    absWorkingDir: root,
    entryPoints: { console: path.join(page, 'Console.tsx') },
    outdir: output,
    bundle: true,
    minify: true,
    legalComments: 'none',
    logLevel: 'error',
    format: 'iife',
    target: 'es2022',
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"' },
    plugins: [bundleLicences(path.join(output, 'LICENSES.txt'))],
  })
  for (const file of ['index.html', 'console.css']) cpSync(path.join(page, file), path.join(output, file))
}

const builders: Record<Target, () => Promise<unknown>> = {
  functions: () => buildCloudFunctions(path.join(root, 'cloudfunctions'), outputs.functions),
  stories: async () => {
    rmSync(outputs.stories, { recursive: true, force: true })
    // Relative, so that error messages name files as an editor sees them.
    await buildStories(path.relative(process.cwd(), path.join(root, 'stories')), outputs.stories)
  },
  web: () => buildSite(outputs.web, outputs.functions, false),
  'web-development': async () => {
    const folder = outputs['web-development']
    rmSync(folder, { recursive: true, force: true })
    const functions = path.join(folder, 'cloudfunctions')
    cpSync(outputs.functions, functions, { recursive: true })
    await buildSite(path.join(folder, 'web'), functions, true)
  },
  console: () => buildConsole(outputs.console),
  weapp: async () => {
    await taro('weapp')
    writeProject('weapp')
  },
  'weapp-local': async () => {
    await taro('weapp-local')
    writeProject('weapp-local')
  },
}

const stampFile = (target: Target): string => path.join(root, 'dist', `.${target}.stamp`)

async function buildOne(target: Target, report: (line: string) => void): Promise<void> {
  const stamp = stampOf(target)
  const file = stampFile(target)
  const made = target === 'web' ? [outputs.web, path.join(outputs.functions, 'web')] : [outputs[target]]
  if (made.every(output => existsSync(output)) && existsSync(file) && readFileSync(file, 'utf8') === stamp)
    return
  const begun = Date.now()
  rmSync(file, { force: true })
  await builders[target]()
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, stamp)
  report(`built dist/${path.basename(outputs[target])} in ${((Date.now() - begun) / 1000).toFixed(1)} s`)
}

/**
 * Builds the wanted targets that are out of date. At most two Taro builds run at once, because each fills a core. Throws an
 * error with the compiler's output if one fails.
 */
export async function ensureBuilt(
  wanted: readonly Target[] = targets,
  report: (line: string) => void = () => undefined,
): Promise<void> {
  const has = (target: Target): boolean => wanted.includes(target)
  if (has('functions') || has('web-development')) await buildOne('functions', report)
  // The site copies the stories' pictures at its end. They are drawn while the other lane compiles.
  const lane = async (list: Target[]): Promise<void> => {
    for (const target of list) {
      if (has(target) || (target === 'stories' && (has('web') || has('web-development'))))
        await buildOne(target, report)
    }
  }
  await Promise.all([lane(['console', 'stories', 'web', 'web-development']), lane(['weapp', 'weapp-local'])])
}

if (require.main === module) {
  const wanted = process.argv.slice(2)
  const unknown = wanted.filter(name => !([...targets, ...extraTargets] as readonly string[]).includes(name))
  if (unknown.length > 0) {
    console.error(`No such target: ${unknown.join(', ')}. There are: ${targets.join(', ')}.`)
    process.exit(2)
  }
  ensureBuilt(wanted.length > 0 ? (wanted as Target[]) : targets, console.log).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error)
    process.exit(1)
  })
}
