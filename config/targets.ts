import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { apiAddress, Misuse, siteAddress } from './given'

/**
 * What can be built, dependencies first. A target is rebuilt only if its sources, tools or variables have changed.
 */
export const targets = ['functions', 'stories', 'web', 'console', 'weapp', 'weapp-local'] as const
/** The site with React's development build, for tests: with functions and files of its own. */
export const extraTargets = ['web-development'] as const
export type Target = (typeof targets)[number] | (typeof extraTargets)[number]

export const root = path.resolve(__dirname, '..')
const dist = (name: string): string => path.join(root, 'dist', name)
export const outputs: Record<Target, string> = {
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
    'cloudfunctions/shared/reading/arrange-slots.ts',
    'cloudfunctions/shared/stores',
    'cloudfunctions/shared/beijing-time.ts',
    'cloudfunctions/shared/cloud.ts',
    'cloudfunctions/shared/failures.ts',
    'cloudfunctions/shared/unseen-characters.ts',
    'src/contract',
    'src/site.ts',
  ],
  web: ['cloudfunctions', 'src', 'stories', ...tools],
  'web-development': ['cloudfunctions', 'src', 'stories', ...tools],
  console: [
    'local-cloud/console/page',
    'local-cloud/json-object.ts',
    'cloudfunctions/shared',
    'src/contract',
    ...tools,
  ],
  weapp: ['src', 'project.config.json', ...tools],
  'weapp-local': ['src', 'project.config.json', ...tools],
}

/** The port of the site; the phone preview has the next one. @throws Misuse where `PORT` is none */
export function portOf({ PORT: given } = process.env): number {
  const port = Number(given ?? 8787)
  if (given?.trim() === '' || !Number.isInteger(port) || port < 0 || port > 65534)
    throw new Misuse(`PORT must be a whole number from 0 to 65534, not "${given}".`)
  return port
}

/** The address of the site in a mini-program that is built without a choice. No such site exists. */
const sampleSite = 'https://kepu-cloud.example'

const siteOf = ({ KEPU_SITE_URL: given = '' } = process.env): string => siteAddress('KEPU_SITE_URL', given)

/**
 * Environment variables that a target's build reads. A change of one rebuilds the target.
 * @throws Misuse where one has no value that it may have
 */
export function variablesOf(target: Target): Record<string, string> {
  switch (target) {
    case 'weapp':
      return {
        KEPU_CLOUD_ENV: process.env.KEPU_CLOUD_ENV ?? '',
        // An empty address is no site, and is not the same as no choice.
        KEPU_SITE_URL: siteOf({ KEPU_SITE_URL: sampleSite, ...process.env }),
        KEPU_LEAN_WITHOUT: process.env.KEPU_LEAN_WITHOUT ?? '',
      }
    case 'weapp-local':
      // The phone preview, where the simulator gets a reader's identity.
      return { KEPU_TARGET: 'local', KEPU_LOCAL_CLOUD: `http://127.0.0.1:${portOf() + 1}` }
    case 'functions':
      return { KEPU_SITE_URL: siteOf() }
    case 'web':
    case 'web-development':
      return {
        KEPU_WEB_API: apiAddress('KEPU_WEB_API', process.env.KEPU_WEB_API ?? ''),
        KEPU_SITE_URL: siteOf(),
      }
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

export function stampOf(target: Target): string {
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

/** What a build leaves behind: its output, and a file that says what the output was made from. */
export interface Made {
  outputs: readonly string[]
  stampFile: string
}

export const madeBy = (target: Target): Made => ({
  outputs: target === 'web' ? [outputs.web, path.join(outputs.functions, 'web')] : [outputs[target]],
  stampFile: path.join(root, 'dist', `.${target}.stamp`),
})

/** Whether a target's output was built from its present sources, tools and variables. */
export function isCurrent(
  target: Target,
  stamp: string = stampOf(target),
  { outputs: made, stampFile }: Made = madeBy(target),
): boolean {
  return (
    made.every(output => existsSync(output)) &&
    existsSync(stampFile) &&
    readFileSync(stampFile, 'utf8') === stamp
  )
}

/**
 * Builds a target unless its output is current. Returns how long that took (ms), or null. While it builds, and after it
 * has failed, its output counts as made from nothing.
 */
export async function keepCurrent(
  target: Target,
  build: () => Promise<unknown>,
  made: Made = madeBy(target),
): Promise<number | null> {
  // Taken before: sources that change meanwhile are built by the next run.
  const stamp = stampOf(target)
  if (isCurrent(target, stamp, made)) return null
  const begun = Date.now()
  rmSync(made.stampFile, { force: true })
  await build()
  mkdirSync(path.dirname(made.stampFile), { recursive: true })
  writeFileSync(made.stampFile, stamp)
  return Date.now() - begun
}

/** The wanted targets and the targets whose output they copy. */
export function withDependencies(wanted: readonly Target[]): Target[] {
  const has = (...some: Target[]): boolean => some.some(target => wanted.includes(target))
  return [
    ...wanted,
    ...(has('web-development') ? (['functions'] as const) : []),
    ...(has('web', 'web-development') ? (['stories'] as const) : []),
  ]
}
