import { readFileSync } from 'node:fs'
import * as v from 'valibot'
import type { Client } from './identity'

/** Function security rules as the console takes them: `*` is required, and they bind clients only [云函数安全规则]. */
const FunctionRulesFile = v.intersect([
  v.object({ '*': v.object({ invoke: v.union([v.boolean(), v.string()]) }) }),
  v.record(v.string(), v.object({ invoke: v.union([v.boolean(), v.string()]) })),
])

export interface FunctionRules {
  mayInvoke(functionName: string, client: Client): boolean
}

/**
 * Reads `functions.json`. Without the file everyone may call everything that has signed in, as in a new environment.
 * @throws Error naming file and fault; an expression that is not understood is a fault, not a `false`
 */
export function readFunctionRules(file: string | null): FunctionRules {
  const text = file === null ? null : readIfThere(file)
  const rules = new Map<string, (client: Client) => boolean>()
  if (text === null) rules.set('*', client => client.kind !== 'guest')
  else {
    const parsed = parse(file ?? '', text)
    for (const [name, { invoke }] of Object.entries(parsed))
      rules.set(name, compile(invoke, `${file}: ${name}`))
  }
  return {
    mayInvoke: (name, client) => (rules.get(name) ?? rules.get('*'))?.(client) ?? false,
  }
}

function compile(rule: boolean | string, where: string): (client: Client) => boolean {
  if (typeof rule === 'boolean') return () => rule
  switch (rule.replace(/\s+/g, '')) {
    case 'true':
      return () => true
    case 'false':
      return () => false
    // Lets anonymous web visitors in, and keeps Moments' readers, who are not signed in, out.
    case 'auth!=null':
      return client => client.kind !== 'guest'
    default:
      throw new Error(`${where}: the local cloud does not know the rule ${JSON.stringify(rule)}`)
  }
}

function parse(file: string, text: string): v.InferOutput<typeof FunctionRulesFile> {
  try {
    return v.parse(FunctionRulesFile, JSON.parse(text))
  } catch (error) {
    throw new Error(`${file}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}
