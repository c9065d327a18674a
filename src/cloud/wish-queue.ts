import * as v from 'valibot'
import { Wish } from '#contract/vote'
import { readStored, removeStored, writeStored } from '#platform/storage'
import { CallFailed } from './call'

/** What a reader wants of one subject (a story's mood, a poll) and could not be sent: the cloud was away, or busy. */
export interface KeptWish<Wanted> {
  subject: string
  wanted: Wanted
  wish: number
}

const most = 30
const age = 7 * 86_400_000

/** Whether a wish should wait rather than be given up: the cloud was not reached, or asked to come back later. */
export function mayWait(error: unknown): boolean {
  return tooMany(error) || (error instanceof CallFailed && error.code === 'unavailable')
}

export const tooMany = (error: unknown): boolean => error instanceof CallFailed && error.code === 'too-many'

export interface WishQueue<Wanted, State> {
  /** Asks the cloud for a wish. Rejects with CallFailed. */
  send(kept: KeptWish<Wanted>): Promise<State>
  /** The wish for a subject that waits on this phone. */
  waiting(subject: string): KeptWish<Wanted> | undefined
  /** Takes the place of an older wish for the same subject. Of more than thirty the oldest leave; after a week all do. */
  keep(kept: KeptWish<Wanted>): void
  /** Forgets the wish for a subject, unless a newer one has been put in its place. */
  drop(subject: string, wish: number): void
  /** Forgets all of them, and what was answered. */
  clear(): void
  /**
   * Sends what waits, oldest first, until the cloud is away again. A wish the cloud refuses for good is dropped. A wish
   * carries its number, so sending it twice, or late, undoes nothing.
   */
  sendAll(): Promise<void>
  /**
   * What the cloud answered to a wish of that subject that `sendAll` sent, where it is newer than `state`; else `state`.
   * A page may have been read just before its wish went out, and the wish waits no more when the page is drawn.
   */
  newest(subject: string, state: State): State
  /** Hears of each such answer. Gives the function that stops it. */
  onSent(listener: (subject: string) => void): () => void
}

/** Wishes of one kind that wait on this phone, under a storage key of their own. `send` rejects with CallFailed. */
export function createWishQueue<Wanted, State extends { wish: number }>(
  key: string,
  wanted: v.GenericSchema<unknown, Wanted>,
  send: (kept: KeptWish<Wanted>) => Promise<State>,
): WishQueue<Wanted, State> {
  const Queue = v.array(v.object({ subject: v.string(), wanted, wish: Wish, at: v.number() }))
  const answers = new Map<string, State>()
  const listeners = new Set<(subject: string) => void>()
  let sending = false

  function read(): v.InferOutput<typeof Queue> {
    const now = Date.now()
    return (readStored(key, Queue) ?? []).filter(kept => now - kept.at <= age)
  }

  function write(queue: v.InferOutput<typeof Queue>): void {
    if (queue.length > 0) writeStored(key, queue.slice(-most))
    else removeStored(key)
  }

  function drop(subject: string, wish: number): void {
    const queue = read()
    const rest = queue.filter(other => other.subject !== subject || other.wish > wish)
    if (rest.length < queue.length) write(rest)
  }

  return {
    send,
    waiting: subject => read().find(kept => kept.subject === subject),
    keep(kept) {
      write([...read().filter(other => other.subject !== kept.subject), { ...kept, at: Date.now() }])
    },
    drop,
    clear() {
      write([])
      answers.clear()
    },
    async sendAll() {
      if (sending) return
      sending = true
      try {
        for (const kept of read()) {
          try {
            answers.set(kept.subject, await send(kept))
          } catch (error) {
            // Too many on one subject says nothing about another; a cloud that is away is not asked again.
            if (tooMany(error)) continue
            if (mayWait(error)) return
          }
          drop(kept.subject, kept.wish)
          for (const listener of listeners) listener(kept.subject)
        }
      } finally {
        sending = false
      }
    },
    newest(subject, state) {
      const answer = answers.get(subject)
      return answer && answer.wish > state.wish ? answer : state
    },
    onSent(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
