import type { ErrorCode } from '#contract/envelope'
import { CallFailed } from './call'

/** What a reader is told for each code: what happened, and what helps. */
const words: Record<ErrorCode, string> = {
  invalid: '这个请求有点问题，请返回重试',
  unauthenticated: '请在微信中打开后参与',
  forbidden: '当前不能这样操作',
  'not-found': '这篇内容不在了，可能已被撤回',
  conflict: '刚刚有人改动过，请再试一次',
  'too-many': '操作太频繁，请稍后再试',
  unavailable: '网络不太顺畅，请检查后重试',
  internal: '出了点小问题，请稍后再试',
}

/** The reader's words for a failed call; anything that is not one counts as `internal`. */
export function wordsFor(error: unknown): string {
  return words[error instanceof CallFailed ? error.code : 'internal']
}
