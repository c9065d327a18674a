import { waitWords, wordsFor } from '#cloud/words'
import type { Outcome } from './vote-store'

/** The message for an outcome; empty if the reader need not be told. */
export function wordsOf(outcome: Outcome): string {
  if (outcome.kind === 'pending') return `已记下，${waitWords(outcome.error) ?? '网络恢复'}后自动送出`
  if (outcome.kind === 'refused') return wordsFor(outcome.error)
  return outcome.kind === 'superseded' ? '您在别处改过选择，以那次为准' : ''
}
