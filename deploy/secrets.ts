import { readFileSync } from 'node:fs'
import path from 'node:path'
import * as v from 'valibot'
import { Misuse } from '../config/given'

/** What must never be in the repository. Never printed. */
export interface Secrets {
  /** An API key of the Tencent Cloud account that owns the environment. */
  account: { secretId: string; secretKey: string; token?: string } | null
  /** File with the upload key of the mini-program; empty if not set. */
  appKeyFile: string
  /** Variables of functions, such as `EDITOR_KEYS`. */
  variables: Record<string, string>
}

const EditorKeys = v.pipe(
  v.string(),
  v.parseJson(),
  v.record(v.string(), v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'a SHA-256 in hexadecimal'))),
)

/** Whether a value of `EDITOR_KEYS` gives at least one editor a key. */
export function isEditorKeys(text: string): boolean {
  const parsed = v.safeParse(EditorKeys, text)
  return parsed.success && Object.keys(parsed.output).length > 0
}

/** The lines `NAME=value` of a file; empty lines and lines with # are skipped. */
function readLines(file: string): Record<string, string> {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    return {}
  }
  return Object.fromEntries(
    text.split('\n').flatMap(line => {
      const found = /^\s*([A-Z_]+)\s*=\s*(.*?)\s*$/.exec(line)
      return found?.[1] === undefined ? [] : [[found[1], (found[2] ?? '').replace(/^(['"])(.*)\1$/, '$2')]]
    }),
  )
}

/**
 * Reads the secrets from the environment, and what it lacks from the ignored file deploy/.env.
 * @throws Misuse naming the variable, before anything starts, when a value is malformed
 */
export function readSecrets(root: string, environment: NodeJS.ProcessEnv = process.env): Secrets {
  const all = { ...readLines(path.join(root, 'deploy/.env')), ...environment }
  const { TENCENT_SECRET_ID: id, TENCENT_SECRET_KEY: key, TENCENT_TOKEN: token, EDITOR_KEYS: keys } = all
  if (Boolean(id) !== Boolean(key))
    throw new Misuse('TENCENT_SECRET_ID and TENCENT_SECRET_KEY belong together: one is missing.')
  if (keys) {
    const parsed = v.safeParse(EditorKeys, keys)
    if (!parsed.success) {
      throw new Misuse(
        'EDITOR_KEYS must be JSON such as {"名字": "<SHA-256 of the key, 64 hexadecimal digits>"}.',
      )
    }
  }
  return {
    account: id && key ? { secretId: id, secretKey: key, ...(token ? { token } : {}) } : null,
    appKeyFile: all.WEAPP_KEY_FILE ?? '',
    variables: keys ? { EDITOR_KEYS: keys } : {},
  }
}
