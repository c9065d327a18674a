/**
 * Stores what a reader chose on each subject (a story's mood, or a poll) and sends it to the cloud. No other module
 * sends votes. It does not depend on Taro or React: the caller passes in storage, clock and cloud.
 *
 * A tap shows and stores the choice at once. At most one request per subject is in flight, and the last choice wins. A
 * choice that could not be sent stays stored and is shown as pending. It is sent when the cloud's `retryAfter` has
 * passed, when the network is back, when its page opens, or at the next start of the app.
 *
 * A revision numbers the reader's choices on one subject; the request calls it `wish`. An epoch is the time of the last
 * deletion of all the reader's votes. `contract/vote.ts` defines both.
 */

/** What the state of every subject contains: `voteState` of `contract/vote.ts`. */
export interface VoteState {
  canVote: boolean
  /** The revision of the reader's choice in the cloud; 0 without one. */
  wish: number
  /** Only if the cloud refused a vote because of a deletion: the current epoch. */
  epoch?: number | undefined
  /** With `epoch`: the time since that deletion (ms). */
  sinceDeletion?: number | undefined
}

/** What differs between moods and polls. */
export interface VoteDescription<State extends VoteState, Choice, Own = Choice> {
  /** The state that the reader sees after the tap, before the cloud has answered. */
  apply(state: State, choice: Choice): State
  /** The reader's own choice in a state. */
  ownOf(state: State): Own
  same(own: Own | Choice, choice: Choice): boolean
  /** The choice that removes the vote. */
  nothing: Choice
  /**
   * A choice is marked as pending when its request takes longer than this (ms). If absent, only a choice that could
   * not be sent is marked.
   */
  patience?: number
  /** Rejects with an error that has a `code` and may have `retryAfter` (s). */
  send(subject: string, choice: Choice, vote: SentVote): Promise<State>
}

/** What a request adds to the choice: `voteInput` of `contract/vote.ts`. */
export interface SentVote {
  wish: number
  basedOn?: number[]
  epoch: number
}

/** A choice that the cloud has not confirmed, as it is stored. */
export interface VoteRow<Choice> {
  subject: string
  wanted: Choice
  revision: number
  /** When the reader made the choice (ms). */
  at: number
  /** First the revision that the cloud confirmed, then this phone's revisions whose requests have no reply. */
  basedOn: number[]
}

export interface VoteDeps<Choice> {
  storage: { read(): VoteRow<Choice>[]; write(rows: VoteRow<Choice>[]): void }
  clock: {
    now(): number
    /** Runs a function after `ms`. Returns a function that cancels it. */
    after(ms: number, run: () => void): () => void
    random(): number
  }
  /** The epoch of the last deletion that the phone knows of; 0 means none. The stores of moods and polls share it. */
  deletion: { epoch: number }
  /** Receives an outcome when no page that shows the subject is open. */
  onUnheard(outcome: Outcome): void
}

/** How a choice ended. */
export type Outcome =
  | { kind: 'accepted' }
  /** The cloud did not accept a tap now. The choice is stored and sent later. `retryAfter` (s) comes from the cloud. */
  | { kind: 'pending'; error: unknown; retryAfter?: number | undefined }
  | { kind: 'refused'; error: unknown; code: string }
  /** A newer choice made on another phone, or a deletion, has replaced the choice. */
  | { kind: 'superseded' }

/** What a page shows. `pending` marks a choice that the cloud has not confirmed (see `patience`). */
export interface Shown<State> {
  state: State
  pending: boolean
}

/** Number of choices to store, and for how long (ms). */
const rowsAtMost = 30
const ageAtMost = 7 * 86_400_000
/**
 * Number of subjects in memory. Above it, a new subject evicts those that have no listener, no unconfirmed choice and
 * no request in flight.
 */
const idleAtMost = 40
/** The maximum length of `basedOn` in the contract. */
const basesAtMost = 8
/** A page's state is at most this old when it arrives (ms): more than the timeout of a request. */
const readWithin = 30_000
/** Number of retries when the cloud is busy. Each pause is twice as long as the one before, from `firstPause` (s). */
const retries = 5
const firstPause = 2

interface Wanted<Choice> extends VoteRow<Choice> {
  /**
   * True for a tap made now: it replaces any choice in the cloud. False for a choice that could not be sent at once: it
   * replaces only the revisions in `basedOn`.
   */
  live: boolean
}

interface Entry<State, Choice> {
  confirmed?: State
  /** The revision in the cloud's last reply to a vote, and the time of that reply (ms). */
  answered: number
  answeredAt: number
  /** The epoch under which the cloud last accepted a vote. */
  epoch?: number
  /** The reader's last choice, until the cloud confirms or refuses it. */
  wanted?: Wanted<Choice> | undefined
  inFlight?: Wanted<Choice> | undefined
  /** True while `run` sends the subject's choices one after another. */
  running?: boolean
  /** The request in flight when the reader deleted all votes: its reply is ignored. */
  cancelled?: Wanted<Choice> | undefined
  /** The highest revision that this phone used or received. */
  revision: number
  /** Revisions of this phone whose requests got no reply: the cloud may or may not have stored them. */
  unsure: number[]
  pending: boolean
  /** Cached value of `shown`; cleared after every change. */
  shown?: Shown<State> | undefined
  listeners: Set<(outcome?: Outcome) => void>
  retried: number
  cancelRetry?: (() => void) | undefined
}

/**
 * After these error codes the request has changed nothing. After all others the phone no longer knows what the cloud
 * holds: the request may have taken effect, or another phone may have changed the choice before `too-many`.
 */
const definite = ['invalid', 'unauthenticated', 'forbidden', 'not-found', 'conflict']

export interface VoteStore<State extends VoteState, Choice, Own = Choice> {
  /** What a page shows that has read the state `read`. Returns the same object until something changes (for React). */
  shown(subject: string, read: State): Shown<State>
  /**
   * Calls the listener after every change, with the outcome if there is one. Returns a function that unsubscribes it.
   */
  subscribe(subject: string, listener: (outcome?: Outcome) => void): () => void
  /** Handles a tap. `next` receives the choice that is shown and returns the new one. */
  tap(subject: string, next: (before: Choice | Own) => Choice): void
  /**
   * Sets the function that receives the final state of a subject that no open page shows. So a cached copy of its page
   * stays correct: the next choice is based on the revision in it.
   */
  onUnseen(listener: (subject: string, state: State) => void): void
  /** A page calls it when it shows the subject. Sends the pending choice unless a retry is already scheduled. */
  resume(subject: string): void
  /** Sends all pending choices, oldest first. Stops when the cloud cannot be reached. */
  sendPending(): Promise<void>
  /** Drops pending choices and ignores requests in flight, because the reader is deleting all votes. */
  clear(): void
  /** Call when the deletion with this epoch is complete. Choices made before it are no longer shown. */
  forget(epoch: number): void
}

/**
 * The revisions that the cloud may hold if no other phone has voted: the confirmed one, and those in `unsure`. If the
 * list would be too long, it contains the first and the last ones: usually the first request of a lost connection
 * arrived, and none of those after it.
 */
const basesOf = (confirmed: VoteState, unsure: readonly number[]): number[] => [
  confirmed.wish,
  ...unsure.filter((_, index) => index === 0 || index > unsure.length - basesAtMost + 1),
]

export function createVoteStore<State extends VoteState, Choice, Own = Choice>(
  { apply, ownOf, same, nothing, patience, send }: VoteDescription<State, Choice, Own>,
  { storage, clock, deletion, onUnheard }: VoteDeps<Choice>,
): VoteStore<State, Choice, Own> {
  const entries = new Map<string, Entry<State, Choice>>()
  /** The pages' states that `shown` has already passed to `confirm`, or rejected as too old. */
  const taken = new WeakSet<State>()
  let sendingPending = false
  /** Number of calls of `sendPending`. */
  let reconnects = 0
  let unseen: ((subject: string, state: State) => void) | undefined

  const stored = (): VoteRow<Choice>[] => storage.read().filter(({ at }) => clock.now() - at <= ageAtMost)

  /** Stores a subject's choice in place of an older one. Without `wanted`, only removes the stored one. */
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
      revision: row?.revision ?? 0,
      unsure: row ? [...row.basedOn.slice(1), row.revision] : [],
      pending: row !== undefined,
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

  /** Stores a state from the cloud as the confirmed one. */
  function confirm(entry: Entry<State, Choice>, state: State): void {
    entry.confirmed = state
    entry.revision = Math.max(entry.revision, state.wish)
    entry.unsure = entry.unsure.filter(revision => revision > state.wish)
    entry.shown = undefined
  }

  /** Removes the reader's choice from memory and storage: it was accepted, refused or dropped. */
  function settle(subject: string, entry: Entry<State, Choice>, outcome?: Outcome): void {
    entry.wanted = undefined
    entry.pending = false
    changed(entry, outcome)
    store(subject)
    if (entry.confirmed && entry.listeners.size === 0) unseen?.(subject, entry.confirmed)
  }

  function nextRevision(entry: Entry<State, Choice>): number {
    entry.revision = Math.max(entry.revision + 1, Math.floor(clock.now()))
    return entry.revision
  }

  /** Returns the choice to send now. Drops a choice that is too old or that the cloud already has. */
  function nextToSend(subject: string, entry: Entry<State, Choice>): Wanted<Choice> | undefined {
    const { wanted, confirmed, unsure } = entry
    if (!wanted) return undefined
    // The cloud already has this choice. But after a request without a reply (`unsure`), it must still be sent, because
    // the cloud may have stored that other choice.
    const isThere = confirmed && unsure.length === 0 && same(ownOf(confirmed), wanted.wanted)
    if (isThere || clock.now() - wanted.at > ageAtMost) {
      settle(subject, entry)
      return undefined
    }
    return wanted
  }

  /** Handles a failed request. Keeps the choice if it can be sent later; drops it otherwise. Returns the error code. */
  function fail(subject: string, entry: Entry<State, Choice>, sent: Wanted<Choice>, error: unknown): string {
    const { code = 'internal', retryAfter } = error as { code?: string; retryAfter?: number }
    if (!definite.includes(code) && !entry.unsure.includes(sent.revision)) entry.unsure.push(sent.revision)
    if (code === 'invalid') {
      // The cloud refuses a revision that lies years ahead, such as one from a phone whose clock was wrong. So it does
      // not hold this one, and the next need not be higher.
      entry.unsure = entry.unsure.filter(revision => revision !== sent.revision)
      entry.revision = Math.max(entry.confirmed?.wish ?? 0, ...entry.unsure)
    }
    // The failure applies to the reader's last choice, even if the reader made it while `sent` was in flight.
    const { wanted } = entry
    if (!wanted || (code !== 'unavailable' && code !== 'too-many')) {
      settle(subject, entry, { kind: 'refused', error, code })
      return code
    }
    const tapped = wanted.live
    wanted.live = false
    entry.pending = true
    // The page shows a message only after a tap, not when a choice that was already pending fails again.
    changed(entry, tapped ? { kind: 'pending', error, retryAfter } : undefined)
    // A busy cloud sends `retryAfter`. Without a network, `sendPending` runs when the network is back.
    if (code === 'unavailable' && retryAfter !== undefined && entry.retried < retries) {
      const pause = Math.max(retryAfter, firstPause * 2 ** entry.retried++)
      entry.cancelRetry = clock.after(pause * (1 + clock.random()) * 1000, () => void retry(subject, entry))
    }
    return code
  }

  /** Repeats a request that met a busy cloud. If the cloud accepts it, sends the pending choices on other subjects too. */
  async function retry(subject: string, entry: Entry<State, Choice>): Promise<void> {
    if (await run(subject, entry)) await sendPending()
  }

  async function sendPending(): Promise<void> {
    reconnects++
    if (sendingPending) return
    sendingPending = true
    try {
      for (const { subject } of stored()) if (!(await run(subject, entryOf(subject)))) return
    } finally {
      sendingPending = false
    }
  }

  /** Sends the subject's choices until none is left. Returns false if the cloud was unavailable. */
  async function run(subject: string, entry: Entry<State, Choice>): Promise<boolean> {
    if (entry.running) return true
    entry.running = true
    entry.cancelRetry?.()
    entry.cancelRetry = undefined
    const cancelSlow =
      patience === undefined
        ? undefined
        : clock.after(patience, () => {
            entry.pending = true
            changed(entry)
          })
    try {
      for (let sent = nextToSend(subject, entry); sent; sent = nextToSend(subject, entry)) {
        const before = reconnects
        const failure = await sendOne(subject, entry, sent)
        // If the network came back while the request was in flight, try again at once.
        const again = before !== reconnects && !entry.cancelRetry
        if (failure !== undefined && (failure !== 'unavailable' || !again)) return failure !== 'unavailable'
      }
    } finally {
      entry.running = false
      cancelSlow?.()
    }
    return true
  }

  /**
   * Sends one choice. If the cloud holds a newer revision, a live tap is sent again with a higher one. If the reader
   * has deleted all votes before the tap, it is sent again with the new epoch. Each happens at most once. Returns the
   * error code after a failure, undefined after a reply.
   */
  async function sendOne(
    subject: string,
    entry: Entry<State, Choice>,
    sent: Wanted<Choice>,
  ): Promise<string | undefined> {
    const { wanted: choice, live } = sent
    for (let [raised, renewed] = [false, false]; ; ) {
      // A live tap replaces the choice that the cloud holds now. Store that, in case this request is lost.
      if (live && entry.confirmed && sent.basedOn[0] !== entry.confirmed.wish) {
        if (sent.revision <= entry.confirmed.wish) sent.revision = nextRevision(entry)
        sent.basedOn = basesOf(entry.confirmed, entry.unsure)
        store(subject, sent)
      }
      const { epoch } = deletion
      entry.inFlight = sent
      let state: State
      try {
        state = await send(subject, choice, {
          wish: sent.revision,
          epoch,
          ...(live ? {} : { basedOn: sent.basedOn }),
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
      // The reader has tapped again: the loop in `run` sends the newer choice next.
      if (entry.wanted !== sent) return undefined
      // Ages compare correctly even if the clocks of phone and cloud differ.
      const deletedSince = forgotten && clock.now() - sent.at > (state.sinceDeletion ?? ageAtMost)
      if (granted || !live || deletedSince || (forgotten ? renewed : raised)) {
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
      // Ignore a state with a lower revision than the last reply to a vote: the page was read before that reply. But
      // more than `readWithin` after the reply, the page was certainly read later: another phone has deleted the vote.
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
          pending: applies && entry.pending,
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
      entry.retried = 0
      entry.wanted = {
        subject,
        wanted: choice,
        revision: nextRevision(entry),
        at: clock.now(),
        basedOn: basesOf(confirmed, inFlight ? [...unsure, inFlight.revision] : unsure),
        live: true,
      }
      changed(entry)
      store(subject, entry.wanted)
      void run(subject, entry)
    },
    onUnseen(listener) {
      unseen = listener
    },
    resume(subject) {
      const entry = entryOf(subject)
      if (entry.confirmed?.canVote && entry.wanted && !entry.cancelRetry) void run(subject, entry)
    },
    sendPending,
    clear() {
      storage.write([])
      for (const entry of entries.values()) {
        entry.cancelRetry?.()
        Object.assign(entry, {
          cancelRetry: undefined,
          cancelled: entry.inFlight,
          wanted: undefined,
          unsure: [],
          pending: false,
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

/**
 * Whether to show the reader's choice over the cloud's state. A live tap is always shown. A pending choice is not shown
 * if the cloud holds a newer revision. Neither is shown if the reader may not vote.
 */
function isShown<Choice>(state: VoteState, { live, revision }: Wanted<Choice>): boolean {
  return state.canVote && (live || revision > state.wish)
}
