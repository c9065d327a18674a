import { createHash, timingSafeEqual } from 'node:crypto'
import * as v from 'valibot'

/** The format of EDITOR_KEYS: each editor's name, and the SHA-256 (hex) of their key. */
const Keys = v.record(v.string(), v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/i)))

/**
 * Sources that are rejected: clients, developer tools, HTTP, timers, callbacks and other functions. A chain of sources is
 * separated by commas. An allowlist is impossible: WeChat's table of SOURCE [Cloud.getWXContext] lists the console under
 * 其他 (not triggered by WeChat) without a value, and the console may also appear as wx_unknown.
 */
const foreign = new Set([
  'wx_client',
  'wx_devtools',
  'wx_localdebug',
  'wx_http',
  'wx_trigger',
  'wx_paycallback',
  'wx_crawler',
  'scf',
])

export const isForeign = (source: string): boolean => source.split(',').some(one => foreign.has(one.trim()))

function configured(): [name: string, hash: string][] {
  try {
    const keys = v.safeParse(Keys, JSON.parse(process.env.EDITOR_KEYS ?? ''))
    return keys.success ? Object.entries(keys.output) : []
  } catch {
    return []
  }
}

/** The name of the editor with this key. Null if it is unknown or no keys are configured. Runs in constant time. */
export function nameOfKey(key: string): string | null {
  const given = createHash('sha256').update(key).digest()
  let found: string | null = null
  for (const [name, hash] of configured()) if (timingSafeEqual(given, Buffer.from(hash, 'hex'))) found = name
  return found
}
