import * as v from 'valibot'
import { openArticle } from '#contract/article'
import type { Endpoint, InputOf, OutputOf } from '#contract/endpoint'
import { Reply } from '#contract/envelope'
import { type Mood, type MoodState, setMood } from '#contract/mood'
import { answerPoll, type PollState, readPoll } from '#contract/poll'
import { forgetReader } from '#contract/reader'
import { applyMood } from '../../src/features/moods/apply-mood'
import { applyAnswer } from '../../src/features/polls/apply-answer'
import { createVoteStore, type SentVote, type VoteRow, type VoteStore } from '../../src/votes/vote-store'
import type { VoteLedger } from '../checks/votes'
import type { World } from '../world'

/** The error of a call, as `CallFailed` of src/cloud. */
export class Failed extends Error {
  constructor(
    readonly code: string,
    readonly retryAfter?: number,
  ) {
    super(code)
  }
}

export type OpenedStory = OutputOf<typeof openArticle>

export interface PhoneOptions {
  name: string
  /** The reader's OPENID. */
  reader: string
  ledger: VoteLedger
  /** A story was opened. `sentAt`: when the call was sent (ms). Null: the cloud says that there is no such story. */
  onStory(id: string, opened: OpenedStory | null, sentAt: number): void
}

export interface Phone {
  readonly name: string
  readonly reader: string
  /** Calls an endpoint. Rejects with `Failed`, also if the program was closed meanwhile. */
  ask<E extends Endpoint>(endpoint: E, input: InputOf<E>): Promise<OutputOf<E>>
  openStory(id: string): Promise<MoodState | null>
  openPoll(id: string): Promise<PollState | null>
  /** Whether its page was opened since the program started. */
  hasSeen(id: string): boolean
  tapMood(story: string, mood: Mood | null): void
  tapPoll(poll: string, options: string[]): void
  setOnline(online: boolean): void
  /** Closes the program and opens it again: only what is stored survives. */
  reopen(): void
  /** Deletes all votes of the reader, as the shelf does. */
  forget(): Promise<void>
  /** Sends what is pending until nothing is. Returns false if something stays. */
  settle(): Promise<boolean>
}

/** One phone of a reader: the mini-program's own vote store over this world's clock and network. */
export function createPhone(world: World, options: PhoneOptions): Phone {
  const { name, reader, ledger } = options
  const chance = world.stream(`phone ${name}`)
  const isSkewed = world.luck.strikes('skewed')
  const skew = isSkewed ? Math.round(chance.between(-600_000, 600_000)) : 0
  const stored: { moods: VoteRow<Mood | null>[]; polls: VoteRow<string[]>[]; epoch: number } = {
    moods: [],
    polls: [],
    epoch: 0,
  }
  let session = 0
  let isOnline = true
  let moods: VoteStore<MoodState, Mood | null, string | null>
  let polls: VoteStore<PollState, string[]>
  const seenMoods = new Map<string, MoodState>()
  const seenPolls = new Map<string, PollState>()

  const owner = (): string => `${name}#${session}`

  async function attempt<E extends Endpoint>(
    endpoint: E,
    input: InputOf<E>,
    heard: (output: OutputOf<E> | null, code: string | null, sentAt: number) => void,
    isOfStore = false,
  ): Promise<OutputOf<E>> {
    const at = session
    if (!isOnline) throw new Failed('unavailable')
    const [functionName = '', action] = endpoint.name.split('/')
    const caller = { actor: name, openid: reader, source: 'wx_client' } as const
    const { text, sentAt } = await world.call(caller, functionName, { action, data: input })
    const reply = text === null ? null : v.parse(Reply, JSON.parse(text))
    if (reply?.ok === false && reply.error.code === 'internal')
      world.problem(`${endpoint.name} answered internal: ${reply.error.message}`)
    const output = reply?.ok ? (v.parse(endpoint.output, reply.data) as OutputOf<E>) : null
    heard(output, reply?.ok === false ? reply.error.code : null, sentAt)
    if (at !== session) {
      // The vote store of the closed program hears nothing any more; a reader goes on.
      if (isOfStore) return new Promise(() => undefined)
      throw new Failed('unavailable')
    }
    if (output !== null) return output
    throw reply?.ok === false
      ? new Failed(reply.error.code, reply.error.retryAfter)
      : new Failed('unavailable')
  }

  async function vote<E extends Endpoint>(
    endpoint: E,
    input: InputOf<E>,
    subject: string,
    choice: string,
    { wish, basedOn }: SentVote,
    told: (output: OutputOf<E>) => { choice: string; wish: number },
  ): Promise<OutputOf<E>> {
    const from = world.step()
    const one = { kind: 'vote', from, choice, wish, basedOn } as const
    if (!isOnline) throw new Failed('unavailable')
    return attempt(
      endpoint,
      input,
      output => {
        const reply = output && told(output)
        ledger.called(reader, subject, {
          ...one,
          to: reply ? world.step() : Number.POSITIVE_INFINITY,
          told: reply,
        })
        if (reply) ledger.acknowledged(reader, subject, reply.wish)
      },
      true,
    )
  }

  function read(subject: string, from: number, told: { choice: string; wish: number }): void {
    const about = { choice: '', wish: 0, basedOn: undefined }
    ledger.called(reader, subject, { kind: 'read', from, to: world.step(), told, ...about })
  }

  const ofMood = ({ own, wish }: MoodState) => ({ choice: own ?? '', wish })
  const ofPoll = ({ own, wish }: PollState) => ({ choice: [...own].sort().join('+'), wish })

  /** The program starts. */
  function start(): void {
    session += 1
    const at = session
    const deps = <Choice>(key: 'moods' | 'polls') => ({
      storage: {
        read: () => structuredClone(stored[key]) as VoteRow<Choice>[],
        write: (rows: VoteRow<Choice>[]) => {
          if (at === session) Object.assign(stored, { [key]: structuredClone(rows) })
        },
      },
      clock: {
        now: () => Math.floor(world.schedule.now()) + skew,
        after(ms: number, run: () => void) {
          const event = world.schedule.post({
            kind: 'timer',
            owner: owner(),
            actor: name,
            label: 'retry',
            delay: ms,
            run,
          })
          return () => {
            event.cancelled = true
          }
        },
        random: chance.random,
      },
      deletion: {
        get epoch() {
          return stored.epoch
        },
        set epoch(epoch) {
          if (at === session) stored.epoch = epoch
        },
      },
      onUnheard: () => undefined,
    })
    moods = createVoteStore<MoodState, Mood | null, string | null>(
      {
        apply: applyMood,
        ownOf: state => state.own,
        same: (own, mood) => own === mood,
        nothing: null,
        patience: 400,
        send: (articleId, mood, sent) =>
          vote(setMood, { articleId, mood, ...sent }, `mood:${articleId}`, mood ?? '', sent, ofMood),
      },
      deps('moods'),
    )
    polls = createVoteStore<PollState, string[]>(
      {
        apply: applyAnswer,
        ownOf: poll => poll.own,
        same: (own, answer) => own.length === answer.length && own.every(key => answer.includes(key)),
        nothing: [],
        send: (pollId, answer, sent) => {
          const choice = [...answer].sort().join('+')
          return vote(
            answerPoll,
            { pollId, options: answer, ...sent },
            `poll:${pollId}`,
            choice,
            sent,
            ofPoll,
          )
        },
      },
      deps('polls'),
    )
    seenMoods.clear()
    seenPolls.clear()
  }

  async function sendPending(): Promise<void> {
    await moods.sendPending()
    await polls.sendPending()
  }

  start()
  return {
    name,
    reader,
    ask: (endpoint, input) => attempt(endpoint, input, () => undefined),
    async openStory(articleId) {
      const from = world.step()
      const { mood } = await attempt(openArticle, { articleId }, (output, code, sentAt) => {
        if (output) {
          read(`mood:${articleId}`, from, ofMood(output.mood))
          options.onStory(articleId, output, sentAt)
        } else if (code === 'not-found') options.onStory(articleId, null, sentAt)
      })
      seenMoods.set(articleId, mood)
      const { state } = moods.shown(articleId, mood)
      moods.resume(articleId)
      return state
    },
    async openPoll(pollId) {
      const from = world.step()
      const { poll } = await attempt(readPoll, { pollId }, output => {
        if (output?.poll) read(`poll:${pollId}`, from, ofPoll(output.poll))
      })
      if (!poll) return null
      seenPolls.set(pollId, poll)
      const { state } = polls.shown(pollId, poll)
      polls.resume(pollId)
      return state
    },
    hasSeen: id => seenMoods.has(id) || seenPolls.has(id),
    tapMood(story, mood) {
      const seen = seenMoods.get(story)
      if (!seen) return
      moods.shown(story, seen)
      world.say(`tap ${name} ${story} ${mood ?? 'nothing'}`)
      moods.tap(story, () => mood)
    },
    tapPoll(poll, answer) {
      const seen = seenPolls.get(poll)
      if (!seen) return
      polls.shown(poll, seen)
      world.say(`tap ${name} ${poll} ${answer.join('+') || 'nothing'}`)
      polls.tap(poll, () => answer)
    },
    setOnline(online) {
      if (isOnline === online) return
      isOnline = online
      world.say(`${online ? 'online' : 'offline'} ${name}`)
      if (online) void sendPending()
    },
    reopen() {
      world.say(`reopened ${name}`)
      world.schedule.end(owner())
      start()
      void sendPending()
    },
    async forget() {
      world.say(`deletes all ${name}`)
      ledger.deleting(reader)
      moods.clear()
      polls.clear()
      const after = stored.epoch
      let continues: number | undefined
      for (;;) {
        const output: OutputOf<typeof forgetReader> = await attempt(
          forgetReader,
          continues === undefined ? { after } : { continues },
          () => undefined,
        )
        const { done, epoch } = output
        if (epoch !== undefined) continues = epoch
        if (!done || epoch === undefined) continue
        ledger.deleted(reader, epoch)
        moods.forget(epoch)
        polls.forget(epoch)
        return
      }
    },
    async settle() {
      isOnline = true
      for (let attempts = 0; attempts < 40; attempts++) {
        await sendPending()
        if (stored.moods.length === 0 && stored.polls.length === 0) return true
        await world.pause(name, 3_000)
      }
      return false
    },
  }
}
