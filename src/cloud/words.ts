import type { ErrorCode } from '#contract/envelope'
import { CallFailed } from './call'

/** The message for each error code: what happened, and what the reader can do. */
const words: Record<ErrorCode, string> = {
  invalid: '这个请求有点问题，请返回重试',
  unauthenticated: '请在微信中打开后参与',
  forbidden: '当前不能这样操作',
  'not-found': '这篇内容已下线',
  conflict: '刚刚有人改动过，请再试一次',
  'too-many': '操作太频繁，请稍后再试',
  unavailable: '网络不太顺畅，请检查后重试',
  internal: '出了点小问题，请稍后再试',
}

/** The cloud's `retryAfter` in words (3小时); undefined if the cloud gave none. */
export function waitWords(error: unknown): string | undefined {
  const seconds = error instanceof CallFailed ? error.retryAfter : undefined
  if (seconds === undefined) return undefined
  if (seconds < 60) return `${Math.max(1, Math.ceil(seconds))}秒`
  return seconds < 3600 ? `${Math.ceil(seconds / 60)}分钟` : `${Math.ceil(seconds / 3600)}小时`
}

/** The message for a failed call. Any other error counts as `internal`. */
export function wordsFor(error: unknown): string {
  const code = error instanceof CallFailed ? error.code : 'internal'
  const wait = code === 'too-many' ? waitWords(error) : undefined
  return wait === undefined ? words[code] : `操作太频繁，请${wait}后再试`
}
