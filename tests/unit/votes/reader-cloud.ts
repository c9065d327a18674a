import {
  createVoteStore,
  type Outcome,
  type SentVote,
  type VoteRow,
  type VoteStore,
} from '../../../src/votes/vote-store'

export type Choice = string | null

export interface State {
  own: Choice
  wish: number
  canVote: boolean
  epoch?: number
  sinceDeletion?: number
}

export const subject = 'story'

/** The cloud's data of one reader and one subject: the rules of voting/cast-ballot.ts in ten lines. */
export class ReaderCloud {
  ballot: { revision: number; own: Choice } | null = null
  deletedAt = 0
  now = Date.UTC(2026, 10, 1)
  read(): State {
    return { own: this.ballot?.own ?? null, wish: this.ballot?.revision ?? 0, canVote: true }
  }

  vote(own: Choice, { wish: revision, basedOn, epoch }: SentVote): State {
    const held = this.ballot?.revision ?? 0
    const since = this.now - this.deletedAt
    const asksEpoch = since < 600_000 || (basedOn && !this.ballot && since < 8 * 86_400_000)
    if (this.deletedAt > 0 && asksEpoch && epoch !== this.deletedAt)
      return { ...this.read(), epoch: this.deletedAt, sinceDeletion: since }
    if (held < revision && (!basedOn || basedOn.includes(held))) this.ballot = { revision, own }
    return this.read()
  }

  deleteAll(): number {
    this.ballot = null
    this.deletedAt = this.now
    return this.deletedAt
  }
}

export type Fate = 'answered' | 'lost' | 'reply lost' | 'busy' | 'too-many'

interface Request {
  own: Choice
  vote: SentVote
  resolve(state: State): void
  reject(error: unknown): void
}

/** Runs the promise callbacks that are due. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 30; i++) await Promise.resolve()
}

/** One phone; its stored data survives a restart of the app. */
export class Phone {
  rows: VoteRow<Choice>[] = []
  readonly deletion = { epoch: 0 }
  votes: VoteStore<State, Choice>
  page: State
  outcomes: Outcome[] = []
  sent: SentVote[] = []
  /** The choice that each revision was sent with. */
  private readonly meanings = new Map<number, Choice>()
  /** Requests without a reply. */
  open: Request[] = []
  /** While set, every request ends this way at once. */
  always: Fate | undefined
  private timers: { at: number; run: () => void }[] = []
  private alive = { now: true }

  constructor(
    readonly cloud: ReaderCloud,
    /** How far its clock is ahead of the cloud's (ms). */
    public skew = 0,
  ) {
    this.votes = this.start()
    this.page = cloud.read()
  }

  /** Closes the page that shows the subject. */
  leave = () => {}

  private start(): VoteStore<State, Choice> {
    const alive = { now: true }
    this.alive = alive
    this.timers = []
    const votes = createVoteStore<State, Choice>(
      {
        apply: (state, own) => ({ ...state, own }),
        ownOf: ({ own }) => own,
        same: (own, choice) => own === choice,
        nothing: null,
        patience: 400,
        send: (_, own, vote) =>
          new Promise((resolve, reject) => {
            this.sent.push(vote)
            // A revision must always mean the same choice, or the cloud takes a new vote for a repeat.
            const meaning = this.meanings.get(vote.wish)
            if (meaning !== undefined && meaning !== own) throw new Error(`${vote.wish} means two things`)
            this.meanings.set(vote.wish, own)
            const request = { own, vote, resolve, reject }
            this.open.push(request)
            if (this.open.length > 1) throw new Error('two requests in flight')
            if (this.always) this.decide(this.always)
          }),
      },
      {
        storage: {
          read: () => structuredClone(this.rows),
          write: rows => {
            if (alive.now) this.rows = structuredClone(rows)
          },
        },
        clock: {
          now: () => this.cloud.now + this.skew,
          after: (ms, run) => {
            const timer = { at: this.cloud.now + ms, run }
            this.timers.push(timer)
            return () => {
              this.timers = this.timers.filter(other => other !== timer)
            }
          },
          random: () => 0.5,
        },
        deletion: this.deletion,
        onUnheard: outcome => this.outcomes.push(outcome),
      },
    )
    const unsubscribe = votes.subscribe(subject, outcome => {
      if (outcome) this.outcomes.push(outcome)
    })
    this.leave = () => void unsubscribe()
    return votes
  }

  /** The page reads the subject from the cloud again. */
  reload(): void {
    this.page = this.cloud.read()
    this.seen()
    this.votes.resume(subject)
  }

  seen(): Choice {
    return this.votes.shown(subject, this.page).state.own
  }

  tap(choice: Choice): void {
    this.seen()
    this.votes.tap(subject, () => choice)
  }

  /** Ends the request in flight. */
  decide(fate: Fate): void {
    const request = this.open.shift()
    if (!request) return
    const { own, vote, resolve, reject } = request
    const state = fate === 'answered' || fate === 'reply lost' ? this.cloud.vote(own, vote) : undefined
    if (state && fate === 'answered') resolve(state)
    else if (fate === 'too-many') reject({ code: 'too-many', retryAfter: 3600 })
    else reject({ code: 'unavailable', ...(fate === 'busy' ? { retryAfter: 2 } : {}) })
  }

  /** Moves the clock and runs the timers that are due. */
  async later(ms: number): Promise<void> {
    this.cloud.now += ms
    for (const timer of this.timers.filter(({ at }) => at <= this.cloud.now)) {
      this.timers = this.timers.filter(other => other !== timer)
      timer.run()
      await settle()
    }
  }

  /** Kills and restarts the app; a request in flight arrives or not. Without a network the page stays as it was read. */
  async restart(arrives: boolean, online = true): Promise<void> {
    this.alive.now = false
    for (const { own, vote } of this.open) if (arrives) this.cloud.vote(own, vote)
    this.open = []
    this.cloud.now += 1_000
    this.votes = this.start()
    if (!online) return
    this.reload()
    await this.reconnect()
  }

  async reconnect(): Promise<void> {
    void this.votes.sendPending()
    await settle()
  }
}
