import type { Reply } from '#contract/envelope'
import { CallFailed } from './call-failed'

/** Replies that came with the document, each under the key of the query or list that would ask for it. */
export interface FirstData {
  /** When they were read (ms). */
  at: number
  replies: readonly { key: string; reply: Reply }[]
  /** They are a guest's: whoever may be a reader asks again for what is a reader's own. */
  anyone?: boolean
}

let first: FirstData | undefined

/** Called by the web build before a page is rendered: on the server for each page, in a browser once. */
export function bringFirstData(data: FirstData | undefined): void {
  first = data
}

/** What came for a key: a value, parsed by whoever brought it against its contract, or a failure. */
export type FirstReply<T> = ({ value: T } | { error: CallFailed }) & { at: number; anyone: boolean }

export function firstReply<T>(key: string): FirstReply<T> | undefined {
  const found = first?.replies.find(one => one.key === key)
  if (!first || !found) return undefined
  const { at, anyone = false } = first
  if (found.reply.ok) return { value: found.reply.data as T, at, anyone }
  const { code, message, retryAfter } = found.reply.error
  return { error: new CallFailed(code, message, retryAfter), at, anyone }
}
