import * as v from 'valibot'
import { CallFailed, call } from '#cloud/call'
import { ArticleId } from '#contract/ids'
import { Mood, setMood, Wish } from '#contract/mood'
import { readStored, removeStored, writeStored } from '#platform/storage'

/** A wish that could not go out: the cloud was away, or asked to wait. */
const Waiting = v.object({ articleId: ArticleId, mood: v.nullable(Mood), wish: Wish, at: v.number() })
export type Waiting = v.InferOutput<typeof Waiting>

const key = 'mood-wishes'
const most = 30
const age = 7 * 86_400_000

/** The queue with a wish put last; it takes the place of an older one for the same story. The oldest leave. */
export function putWish(queue: readonly Waiting[], wish: Waiting): Waiting[] {
  const others = queue.filter(other => other.articleId !== wish.articleId && wish.at - other.at <= age)
  return [...others, wish].slice(-most)
}

const readQueue = (): Waiting[] => {
  const now = Date.now()
  return (readStored(key, v.array(Waiting)) ?? []).filter(wish => now - wish.at <= age)
}

function writeQueue(queue: readonly Waiting[]): void {
  if (queue.length > 0) writeStored(key, queue)
  else removeStored(key)
}

/** The wish for a story that waits on this phone. */
export function waitingWish(articleId: string): Waiting | undefined {
  return readQueue().find(wish => wish.articleId === articleId)
}

export function keepWish(wish: Omit<Waiting, 'at'>): void {
  writeQueue(putWish(readQueue(), { ...wish, at: Date.now() }))
}

/** Forgets the wish for a story, unless a newer one has been put in its place. */
export function dropWish(articleId: string, wish: number): void {
  const queue = readQueue()
  const rest = queue.filter(other => other.articleId !== articleId || other.wish > wish)
  if (rest.length < queue.length) writeQueue(rest)
}

/** Whether a wish should wait rather than be given up: the cloud was not reached, or asked to come back later. */
export function mayWait(error: unknown): boolean {
  return tooMany(error) || (error instanceof CallFailed && error.code === 'unavailable')
}

export const tooMany = (error: unknown): boolean => error instanceof CallFailed && error.code === 'too-many'

let sending = false

/**
 * Sends what waits, oldest first, until the cloud is away again. A wish the cloud refuses for good is dropped. A wish
 * carries its number, so sending it twice, or late, undoes nothing.
 */
export async function sendWaiting(): Promise<void> {
  if (sending) return
  sending = true
  try {
    for (const { articleId, mood, wish } of readQueue()) {
      try {
        await call(setMood, { articleId, mood, wish })
      } catch (error) {
        // Too many on one story says nothing about another; a cloud that is away is not asked again.
        if (tooMany(error)) continue
        if (mayWait(error)) return
      }
      dropWish(articleId, wish)
    }
  } finally {
    sending = false
  }
}
