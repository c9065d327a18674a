import { waitWords, wordsFor } from '#cloud/words'
import type { Outcome } from './vote-store'

/** What a reader is told of an outcome; empty where there is nothing to tell. */
export function wordsOf(outcome: Outcome): string {
  if (outcome.kind === 'pending') return `已记下，${waitWords(outcome.error) ?? '网络恢复'}后自动送出`
  if (outcome.kind === 'refused') return wordsFor(outcome.error)
  return outcome.kind === 'superseded' ? '您在别处改过选择，以那次为准' : ''
}
