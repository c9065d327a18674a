import { createHash, timingSafeEqual } from 'node:crypto'
import * as v from 'valibot'

/** Name → SHA-256 (hex) of each editor's key, as the console holds it in EDITOR_KEYS. */
const Keys = v.record(v.string(), v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/i)))

/**
 * The sources that no panel has: clients, the tools, HTTP, timers, callbacks and other functions. A chain is joined by
 * commas. There is no list of those that a panel may have: WeChat's table of SOURCE [Cloud.getWXContext] calls them
 * 其他 (not triggered by WeChat) and names no value, and a console may as well show as wx_unknown.
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

/** Whose key it is. Null for an unknown one, and for all while none is configured. Takes as long for every key. */
export function nameOfKey(key: string): string | null {
  const given = createHash('sha256').update(key).digest()
  let found: string | null = null
  for (const [name, hash] of configured()) if (timingSafeEqual(given, Buffer.from(hash, 'hex'))) found = name
  return found
}
