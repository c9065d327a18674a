import type { Reply } from '#contract/envelope'
import { CallFailed } from './call-failed'

/** Replies embedded in the document, each under the key of the query or list that would request it. */
export interface FirstData {
  /** When the server read them (ms). */
  at: number
  replies: readonly { key: string; reply: Reply }[]
  /** True if they were read for a guest. A page with an identity then requests the reader's own data again. */
  anyone?: boolean
}

let first: FirstData | undefined

/** Called by the web build before it renders a page: on the server for each page, in a browser once. */
export function bringFirstData(data: FirstData | undefined): void {
  first = data
}

/** Whether the document's replies were read for a guest, and this reader's own data must be requested. */
export const isForAnyone = (): boolean => first?.anyone === true

/**
 * The embedded reply for a key: a value that the caller of `bringFirstData` has parsed against its contract, or a
 * failure.
 */
export type FirstReply<T> = ({ value: T } | { error: CallFailed }) & { at: number; anyone: boolean }

export function firstReply<T>(key: string): FirstReply<T> | undefined {
  const found = first?.replies.find(one => one.key === key)
  if (!first || !found) return undefined
  const { at, anyone = false } = first
  if (found.reply.ok) return { value: found.reply.data as T, at, anyone }
  const { code, message, retryAfter } = found.reply.error
  return { error: new CallFailed(code, message, retryAfter), at, anyone }
}
