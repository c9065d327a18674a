import { execFile } from 'node:child_process'
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { buildStories } from '../stories/build/build-stories'
import { buildCloudFunctions, buildFunction } from './cloudfunctions'
import { Misuse } from './given'
import { bundleLicences } from './plugins/esbuild-licences'
import { readPrinciples } from './principles'
import { type ProjectFile, projectOf } from './project-file'
import {
  extraTargets,
  keepCurrent,
  outputs,
  root,
  type Target,
  targets,
  variablesOf,
  withDependencies,
} from './targets'
import { buildWebAssets, webFunctionOptions } from './web'

const run = promisify(execFile)

async function taro(target: Target): Promise<void> {
  const cli = path.join(root, 'node_modules/@tarojs/cli/bin/taro')
  const { FORCE_COLOR: _, NODE_ENV: __, ...environment } = process.env
  const set = Object.fromEntries(Object.entries(variablesOf(target)).filter(([, value]) => value !== ''))
  rmSync(outputs[target], { recursive: true, force: true })
  const env = { ...environment, ...set, KEPU_PRINCIPLES: readPrinciples(), NODE_ENV: 'production' }
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

/** Writes the project file of a build that is opened by itself. */
function writeProject(target: 'weapp' | 'weapp-local'): void {
  const project = JSON.parse(readFileSync(path.join(root, 'project.config.json'), 'utf8')) as ProjectFile
  const own = JSON.stringify(projectOf(target, project), null, 2)
  writeFileSync(path.join(outputs[target], 'project.config.json'), `${own}\n`)
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
  functions: () =>
    buildCloudFunctions(
      path.join(root, 'cloudfunctions'),
      outputs.functions,
      variablesOf('functions').KEPU_SITE_URL,
    ),
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

async function buildOne(target: Target, report: (line: string) => void): Promise<void> {
  const took = await keepCurrent(target, builders[target])
  if (took !== null) report(`built dist/${path.basename(outputs[target])} in ${(took / 1000).toFixed(1)} s`)
}

/**
 * Builds the wanted targets that are out of date. At most two Taro builds run at once, because each fills a core. Throws an
 * error with the compiler's output if one fails.
 * @throws Misuse, before anything is built, where a variable of a build has no value that it may have
 */
export async function ensureBuilt(
  wanted: readonly Target[] = targets,
  report: (line: string) => void = () => undefined,
): Promise<void> {
  const needed = withDependencies(wanted)
  for (const target of needed) variablesOf(target)
  const has = (target: Target): boolean => needed.includes(target)
  // The site needs the functions and, at its end, the stories' pictures.
  const lane = async (list: Target[]): Promise<void> => {
    for (const target of list) {
      if (has(target)) await buildOne(target, report)
    }
  }
  await Promise.all([
    lane(['functions', 'console', 'stories', 'web', 'web-development']),
    lane(['weapp', 'weapp-local']),
  ])
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
    process.exit(error instanceof Misuse ? 2 : 1)
  })
}
