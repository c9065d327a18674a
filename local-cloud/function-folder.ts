import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import * as v from 'valibot'
import { CloudError } from './cloud-error'

/** A function's `config.json`, as WeChat documents it. Fields that the local cloud does not use are ignored. */
const FunctionConfig = v.object({
  /** Seconds; default 3, maximum 60. */
  timeout: v.optional(v.pipe(v.number(), v.minValue(1), v.maxValue(60)), 3),
  memorySize: v.optional(v.pipe(v.number(), v.minValue(128), v.maxValue(3072)), 256),
  triggers: v.optional(
    v.array(v.object({ name: v.string(), type: v.literal('timer'), config: v.string() })),
    [],
  ),
  permissions: v.optional(v.object({ openapi: v.optional(v.array(v.string()), []) }), { openapi: [] }),
})
export type FunctionConfig = v.InferOutput<typeof FunctionConfig>

/** A built function on disk. */
export interface BuiltFunction {
  name: string
  folder: string
  config: FunctionConfig
  /** Changes when the built file or its configuration changes. */
  version: string
}

/** The function names that WeChat allows. The pattern also prevents a name from being a path. */
const functionName = /^[A-Za-z][\w-]{0,59}$/

/**
 * Reads the present state of `functionsFolder/name`.
 * @throws CloudError FUNCTION_NOT_FOUND if the folder does not exist or is not built, INVALID_CONFIG for a broken
 * config.json
 */
export function findFunction(functionsFolder: string, name: string): BuiltFunction {
  if (!functionName.test(name)) {
    throw new CloudError(
      'FUNCTION_NOT_FOUND',
      `[FUNCTION_NOT_FOUND] ${JSON.stringify(name)} is not a function name`,
    )
  }
  const folder = resolve(functionsFolder, name)
  const code = changedAt(join(folder, 'index.js'))
  if (code === null) {
    throw new CloudError(
      'FUNCTION_NOT_FOUND',
      `[FUNCTION_NOT_FOUND] Function not found: [${name}]. There is no ${name}/index.js in ${functionsFolder}: is it built?`,
    )
  }
  const configFile = join(folder, 'config.json')
  const version = `${code}/${changedAt(configFile) ?? 'none'}`
  return { name, folder, config: readConfig(configFile), version }
}

/** The present version of a function. Does not read the code. Null when files are missing. */
export function versionOf(built: BuiltFunction): string | null {
  const code = changedAt(join(built.folder, 'index.js'))
  return code === null ? null : `${code}/${changedAt(join(built.folder, 'config.json')) ?? 'none'}`
}

/**
 * All built functions by name. Ignores folders without index.js. Reports a broken config.json and leaves that function
 * out.
 */
export function listFunctions(functionsFolder: string, report: (line: string) => void): BuiltFunction[] {
  let entries: string[]
  try {
    entries = readdirSync(functionsFolder)
  } catch {
    return []
  }
  return entries
    .filter(name => functionName.test(name) && changedAt(join(functionsFolder, name, 'index.js')) !== null)
    .sort()
    .flatMap(name => {
      try {
        return [findFunction(functionsFolder, name)]
      } catch (error) {
        report(error instanceof Error ? error.message : String(error))
        return []
      }
    })
}

function changedAt(file: string): number | null {
  try {
    return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? null
  } catch (error) {
    // A file lies where the function's folder would be.
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return null
    throw error
  }
}

function readConfig(file: string): FunctionConfig {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    return v.parse(FunctionConfig, {})
  }
  try {
    return v.parse(FunctionConfig, JSON.parse(text))
  } catch (error) {
    throw new CloudError(
      'INVALID_CONFIG',
      `${file}: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}
