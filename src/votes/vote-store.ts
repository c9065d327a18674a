/**
 * What a reader chose on each subject (a story's mood, a poll), and the only sender of it. Plain TypeScript: storage,
 * time and the cloud are handed in.
 *
 * A choice is shown and stored at the tap. One request a subject is in flight; the last choice wins. What could not be
 * sent stays, stored and shown as pending, and goes out when the cloud asked to come back, when the network is back,
 * when its page opens, or with the next start of the app.
 */

/** What every state that can be voted on says (`voteState` of the contract). */
export interface VoteState {
  canVote: boolean
  /** The revision the cloud holds. */
  wish: number
  /** Where a vote was not granted because of a deletion: the epoch that counts. */
  epoch?: number | undefined
}

/** What is particular to one kind of vote. */
export interface VoteDescription<State extends VoteState, Choice, Own = Choice> {
  /** What the reader sees at the tap, before the cloud has answered. */
  apply(state: State, choice: Choice): State
  ownOf(state: State): Own
  same(own: Own | Choice, choice: Choice): boolean
  /** The choice of a reader who has taken the vote back. */
  nothing: Choice
  /** A reply that comes sooner (ms) needs no sign of waiting; without it only a pending choice has one. */
  patience?: number
  /** Rejects with an error that has a `code` and perhaps `retryAfter` (s). */
  send(subject: string, choice: Choice, vote: SentVote): Promise<State>
}

/** `voteInput` of the contract. */
export interface SentVote {
  wish: number
  basedOn?: number[]
  epoch: number
}

/** A choice the cloud has not confirmed, as it is stored. Rows from before `basedOn` lack it. */
export interface VoteRow<Choice> {
  subject: string
  wanted: Choice
  wish: number
  /** When it was made (ms). */
  at: number
  /** The confirmed revision, then own revisions whose request may have arrived. */
  basedOn?: number[] | undefined
}

export interface VoteDeps<Choice> {
  storage: { read(): VoteRow<Choice>[]; write(rows: VoteRow<Choice>[]): void }
  clock: {
    now(): number
    /** Runs something later (ms); gives the function that cancels it. */
    after(ms: number, run: () => void): () => void
    random(): number
  }
  /** The last deletion of all the reader's votes that the phone knows of, shared by all kinds; 0: none. */
  deletion: { epoch: number }
  /** Hears of outcomes where no page shows the subject. */
  onUnheard(outcome: Outcome): void
}

/** What became of a choice. */
export type Outcome =
  | { kind: 'accepted' }
  /** A tap could not be sent: stored, goes out later; `retryAfter` (s) where the cloud said when. */
  | { kind: 'pending'; error: unknown; retryAfter?: number | undefined }
  | { kind: 'refused'; error: unknown; code: string }
  /** The cloud holds another choice, made elsewhere since, or a deletion. */
  | { kind: 'superseded' }

/** What a page shows. `waiting`: the reader's own choice is not confirmed. */
export interface Shown<State> {
  state: State
  waiting: boolean
}

const rowsAtMost = 30
const ageAtMost = 7 * 86_400_000
/** Subjects without a page or a pending choice that are remembered. */
const idleAtMost = 40
/** What the contract allows in `basedOn`. */
const basesAtMost = 8
/** How long a page that is being read may take (ms): more than a request's timeout. */
const readWithin = 30_000
/** How often a busy cloud is asked again, each time after twice as long (s). */
const retries = 5
const firstPause = 2

interface Wanted<Choice> extends VoteRow<Choice> {
  /** A tap of now wins over every other choice; one that has waited only over those it was based on. */
  live: boolean
}

interface Entry<State, Choice> {
  confirmed?: State
  /** The revision in the cloud's last reply to a vote, and when that came (ms). */
  answered: number
  answeredAt: number
  /** The epoch under which the cloud last granted a vote. */
  epoch?: number
  /** What the reader chose and the cloud has not confirmed. */
  wanted?: Wanted<Choice> | undefined
  inFlight?: Wanted<Choice> | undefined
  /** A request whose reply no longer counts. */
  cancelled?: Wanted<Choice> | undefined
  /** The highest revision known or used. */
  revision: number
  /** Own revisions whose request may have arrived, though no reply said so. */
  unsure: number[]
  waiting: boolean
  /** Made anew when something changes. */
  shown?: Shown<State> | undefined
  listeners: Set<(outcome?: Outcome) => void>
  retried: number
  cancelRetry?: (() => void) | undefined
}

/** Refusals after which the request certainly changed nothing. */
const definite = ['invalid', 'unauthenticated', 'forbidden', 'not-found', 'conflict', 'too-many']

export interface VoteStore<State extends VoteState, Choice, Own = Choice> {
  /** What to show where a page has read `state`. The same object until something changes. */
  shown(subject: string, read: State): Shown<State>
  /** Hears of every change, and of outcomes. Gives the function that stops it. */
  subscribe(subject: string, listener: (outcome?: Outcome) => void): () => void
  /** A tap: `next` gives the choice after it, from the one the reader sees. */
  tap(subject: string, next: (before: Choice | Own) => Choice): void
  /** A page shows the subject: what is pending goes out, unless a retry is due anyway. */
  resume(subject: string): void
  /** Sends what is pending, oldest first, until the cloud is away. */
  sendPending(): Promise<void>
  /** Gives up what is pending or in flight: the reader is having all votes deleted. */
  clear(): void
  /** The deletion of that epoch is done: nothing cast before it is shown as the reader's choice. */
  forget(epoch: number): void
}

export function createVoteStore<State extends VoteState, Choice, Own = Choice>(
  { apply, ownOf, same, nothing, patience, send }: VoteDescription<State, Choice, Own>,
  { storage, clock, deletion, onUnheard }: VoteDeps<Choice>,
): VoteStore<State, Choice, Own> {
  const entries = new Map<string, Entry<State, Choice>>()
  /** States of pages that have been taken in. */
  const taken = new WeakSet<State>()
  let sendingPending = false

  const stored = (): VoteRow<Choice>[] => storage.read().filter(({ at }) => clock.now() - at <= ageAtMost)

  /** Stores a subject's choice in the place of an older one, or only removes that. */
  function store(subject: string, wanted?: Wanted<Choice>): void {
    const rows = stored()
    const others = rows.filter(row => row.subject !== subject)
    if (wanted) {
      const { live: _, ...row } = wanted
      storage.write([...others, row].slice(-rowsAtMost))
    } else if (others.length < rows.length) storage.write(others)
  }

  function entryOf(subject: string): Entry<State, Choice> {
    const known = entries.get(subject)
    if (known) return known
    for (const [other, { wanted, inFlight, listeners }] of entries) {
      if (entries.size < idleAtMost) break
      if (!wanted && !inFlight && listeners.size === 0) entries.delete(other)
    }
    const row = stored().find(candidate => candidate.subject === subject)
    const entry: Entry<State, Choice> = {
      wanted: row && { ...row, live: false },
      answered: 0,
      answeredAt: 0,
      revision: row?.wish ?? 0,
      unsure: row ? [...(row.basedOn ?? []).slice(1), row.wish] : [],
      waiting: row !== undefined,
      listeners: new Set(),
      retried: 0,
    }
    entries.set(subject, entry)
    return entry
  }

  function changed(entry: Entry<State, Choice>, outcome?: Outcome): void {
    entry.shown = undefined
    for (const listener of [...entry.listeners]) listener(outcome)
    if (outcome && entry.listeners.size === 0) onUnheard(outcome)
  }

  /** Takes in a state of the cloud. */
  function confirm(entry: Entry<State, Choice>, state: State): void {
    entry.confirmed = state
    entry.revision = Math.max(entry.revision, state.wish)
    entry.unsure = entry.unsure.filter(revision => revision > state.wish)
    entry.shown = undefined
  }

  /** Nothing is wanted any more. */
  function settle(subject: string, entry: Entry<State, Choice>, outcome?: Outcome): void {
    entry.wanted = undefined
    entry.waiting = false
    changed(entry, outcome)
    store(subject)
  }

  function nextRevision(entry: Entry<State, Choice>): number {
    entry.revision = Math.max(entry.revision + 1, Math.floor(clock.now()))
    return entry.revision
  }

  /** The choice to send now. Settles one that need not be sent. */
  function nextToSend(subject: string, entry: Entry<State, Choice>): Wanted<Choice> | undefined {
    const { wanted, confirmed, unsure } = entry
    if (!wanted) return undefined
    // The taps cancelled out, or the choice has arrived after all; and no other may have to be overtaken.
    const isThere = confirmed && unsure.length === 0 && same(ownOf(confirmed), wanted.wanted)
    if (isThere || clock.now() - wanted.at > ageAtMost) {
      settle(subject, entry)
      return undefined
    }
    return wanted
  }

  /** After a failure: keeps what may go out later, or gives it up. Returns the code. */
  function fail(subject: string, entry: Entry<State, Choice>, sent: Wanted<Choice>, error: unknown): string {
    const { code = 'internal', retryAfter } = error as { code?: string; retryAfter?: number }
    if (!definite.includes(code)) entry.unsure.push(sent.wish)
    // The last choice wins, also where it was made while this one was in flight.
    const { wanted } = entry
    if (!wanted || (code !== 'unavailable' && code !== 'too-many')) {
      settle(subject, entry, { kind: 'refused', error, code })
      return code
    }
    const tapped = wanted.live
    wanted.live = false
    entry.waiting = true
    // That a choice has to wait further is no news.
    changed(entry, tapped ? { kind: 'pending', error, retryAfter } : undefined)
    // A network that is away is heard of when it is back; a cloud that is busy says when to come again.
    if (code === 'unavailable' && retryAfter !== undefined && entry.retried < retries) {
      const pause = Math.max(retryAfter, firstPause * 2 ** entry.retried++)
      entry.cancelRetry = clock.after(pause * (1 + clock.random()) * 1000, () => void run(subject, entry))
    }
    return code
  }

  /** Sends until the cloud agrees. Returns whether the cloud was there. */
  async function run(subject: string, entry: Entry<State, Choice>): Promise<boolean> {
    if (entry.inFlight) return true
    entry.cancelRetry?.()
    entry.cancelRetry = undefined
    const cancelSlow =
      patience === undefined
        ? undefined
        : clock.after(patience, () => {
            entry.waiting = true
            changed(entry)
          })
    try {
      for (let sent = nextToSend(subject, entry); sent; sent = nextToSend(subject, entry)) {
        const failure = await sendOne(subject, entry, sent)
        if (failure !== undefined) return failure !== 'unavailable'
      }
    } finally {
      cancelSlow?.()
    }
    return true
  }

  /**
   * Sends one choice. A tap that meets a newer choice, or a deletion, is sent once more after it. Gives the code of a
   * failure, undefined where there was a reply.
   */
  async function sendOne(
    subject: string,
    entry: Entry<State, Choice>,
    sent: Wanted<Choice>,
  ): Promise<string | undefined> {
    const { wanted: choice, live, basedOn } = sent
    for (let [raised, renewed] = [false, false]; ; ) {
      if (live && entry.confirmed && sent.wish <= entry.confirmed.wish) {
        sent.wish = nextRevision(entry)
        store(subject, sent)
      }
      const { epoch } = deletion
      entry.inFlight = sent
      let state: State
      try {
        state = await send(subject, choice, {
          wish: sent.wish,
          epoch,
          ...(live || !basedOn ? {} : { basedOn }),
        })
      } catch (error) {
        entry.inFlight = undefined
        return entry.cancelled === sent ? undefined : fail(subject, entry, sent, error)
      }
      entry.inFlight = undefined
      const forgotten = state.epoch !== undefined && state.epoch !== epoch
      if (state.epoch !== undefined) deletion.epoch = Math.max(deletion.epoch, state.epoch)
      if (entry.cancelled === sent) return undefined
      confirm(entry, state)
      entry.answered = state.wish
      entry.answeredAt = clock.now()
      entry.retried = 0
      const granted = !forgotten && same(ownOf(state), choice)
      if (granted) entry.epoch = epoch
      // A newer tap: it goes out next.
      if (entry.wanted !== sent) return undefined
      if (granted || !live || (forgotten ? renewed : raised)) {
        settle(subject, entry, { kind: granted ? 'accepted' : 'superseded' })
        return undefined
      }
      if (forgotten) renewed = true
      else raised = true
    }
  }

  return {
    shown(subject, read) {
      const entry = entryOf(subject)
      // A page may have been read before the last reply to a vote. An older revision that comes long after that reply
      // was read after it: another phone has deleted the vote.
      if (!taken.has(read)) {
        taken.add(read)
        const late = Math.abs(clock.now() - entry.answeredAt) > readWithin
        if (!entry.confirmed || late || read.wish >= entry.answered) confirm(entry, read)
      }
      if (!entry.shown) {
        const { confirmed = read, wanted } = entry
        const applies = wanted !== undefined && isShown(confirmed, wanted)
        entry.shown = {
          state: applies ? apply(confirmed, wanted.wanted) : confirmed,
          waiting: applies && entry.waiting,
        }
      }
      return entry.shown
    },
    subscribe(subject, listener) {
      const { listeners } = entryOf(subject)
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    tap(subject, next) {
      const entry = entryOf(subject)
      const { confirmed, wanted, unsure, inFlight } = entry
      if (!confirmed?.canVote) return
      const choice = next(wanted && isShown(confirmed, wanted) ? wanted.wanted : ownOf(confirmed))
      const own = inFlight ? [...unsure, inFlight.wish] : unsure
      entry.wanted = {
        subject,
        wanted: choice,
        wish: nextRevision(entry),
        at: clock.now(),
        basedOn: [confirmed.wish, ...own.slice(1 - basesAtMost)],
        live: true,
      }
      changed(entry)
      store(subject, entry.wanted)
      void run(subject, entry)
    },
    resume(subject) {
      const entry = entryOf(subject)
      if (entry.confirmed?.canVote && entry.wanted && !entry.cancelRetry) void run(subject, entry)
    },
    async sendPending() {
      if (sendingPending) return
      sendingPending = true
      try {
        for (const { subject } of stored()) if (!(await run(subject, entryOf(subject)))) return
      } finally {
        sendingPending = false
      }
    },
    clear() {
      storage.write([])
      for (const entry of entries.values()) {
        entry.cancelRetry?.()
        Object.assign(entry, {
          cancelRetry: undefined,
          cancelled: entry.inFlight,
          wanted: undefined,
          unsure: [],
          waiting: false,
        })
        changed(entry)
      }
    },
    forget(epoch) {
      deletion.epoch = Math.max(deletion.epoch, epoch)
      for (const entry of entries.values()) {
        if (!entry.confirmed || entry.wanted || entry.epoch === epoch) continue
        entry.confirmed = { ...apply(entry.confirmed, nothing), wish: 0 }
        entry.answered = 0
        changed(entry)
      }
    },
  }
}

/** A tap is shown whatever the cloud holds; a pending choice not where it came too late, or nobody may vote. */
function isShown<Choice>(state: VoteState, { live, wish }: Wanted<Choice>): boolean {
  return state.canVote && (live || wish > state.wish)
}
