import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Desk, edit, editorKey } from './actors/editors'
import { voteLate } from './actors/latecomers'
import { createPhone } from './actors/phone'
import { usePhone } from './actors/readers'
import { type Shared, shareStories } from './actors/sharers'
import { fireTimer, runTimer } from './actors/timer'
import { streamOf } from './chance'
import type { Checker } from './checks/checker'
import { watchRankings } from './checks/rankings'
import { watchShares } from './checks/shares'
import { watchStories } from './checks/stories'
import { watchVotes } from './checks/votes'
import type { Fault } from './faults'
import { drained, takeOver } from './machine'
import type { Plant } from './plant'
import { createSchedule, type Mode, type Schedule } from './schedule'
import { createWorld, type World } from './world'

export const allActors = ['voters', 'leavers', 'latecomers', 'editors', 'sharers', 'timer'] as const
export type Actor = (typeof allActors)[number]

export interface RunOptions {
  seed: number
  /** After how many steps nothing goes wrong any more, and the run settles. */
  steps: number
  faults: readonly Fault[]
  actors: readonly Actor[]
  /** Whether all actors play together. Otherwise the seed chooses some of them, so that they meet more often. */
  together?: boolean
  plant: Plant | null
  /** Ends the run at the first problem. */
  stopsAtProblem?: boolean
  /** The repository. */
  root: string
}

export interface Outcome {
  seed: number
  mode: Mode
  /** Rules that did not hold. */
  problems: string[]
  /** One line for each thing that happened. */
  log: string[]
  /** Identifies the log. */
  digest: string
  steps: number
}

/** Half of the seeds by priorities, half by travel times. */
export const modeOf = (seed: number): Mode => (seed % 2 === 1 ? 'pct' : 'latency')

/** Who plays together. */
const casts: readonly (readonly Actor[])[] = [
  ['voters', 'timer'],
  ['voters', 'timer'],
  ['voters', 'leavers', 'timer'],
  ['editors', 'timer'],
  ['editors', 'timer'],
  ['sharers'],
  ['latecomers', 'timer'],
  allActors,
]

/** A run that has not ended after this many times its steps hangs. */
const overrun = 12

/** How long (ms) everybody rests between two rounds. The clock has tasks for each of these ages. */
const rests = [2_000, 20_000, 130_000, 660_000, 3_700_000]

/** Rests after which the clock recounts. */
const longRests = rests.slice(-2)

const hashOfKey = (key: string): string => createHash('sha256').update(key).digest('hex')

let current: { schedule: Schedule; world: () => World | undefined } | null = null

/** Gives the whole process simulated time and chance. Everything that the local cloud needs must be loaded before. */
export function prepareProcess(): void {
  let chance = streamOf(0, 'gateway')
  let seed = 0
  const idle = createSchedule('latency', chance, 0)
  takeOver({
    schedule: () => current?.schedule ?? idle,
    owner: () => current?.world()?.gateway() ?? 'gateway',
    actor: () => 'gateway',
    chance() {
      const now = current?.world()?.seed ?? 0
      if (now !== seed) {
        seed = now
        chance = streamOf(seed, 'gateway')
      }
      return chance
    },
    skew: () => 0,
  })
}

/** One run of one seed. `prepareProcess` comes first. */
export async function simulate(options: RunOptions): Promise<Outcome> {
  const { seed, steps, root } = options
  const mode = modeOf(seed)
  const folder = mkdtempSync(join(tmpdir(), 'simulation-'))
  const days = streamOf(seed, 'calendar')
  const start = Date.UTC(2026, 10, 27, days.int(24), days.pick([0, 30, 59]), days.pick([0, 55]))
  const schedule = createSchedule(mode, streamOf(seed, 'schedule'), start)
  let world: World | undefined
  current = { schedule, world: () => world }
  try {
    world = createWorld({
      seed,
      mode,
      schedule,
      faults: options.faults,
      plant: options.plant,
      functionsFolder: join(root, 'dist/cloudfunctions'),
      indexesFile: join(root, 'cloudfunctions/rules/indexes.json'),
      variables: { EDITOR_KEYS: JSON.stringify({ 王编辑: hashOfKey(editorKey) }) },
      folder,
      steps,
    })
    await play(world, options)
    world.close()
    const log = world.log
    const digest = createHash('sha256').update(log.join('\n')).digest('hex').slice(0, 16)
    return { seed, mode, problems: world.problems, log, digest, steps: world.step() }
  } finally {
    current = null
    rmSync(folder, { recursive: true, force: true })
  }
}

async function play(world: World, options: RunOptions): Promise<void> {
  const story = direct(world, options)
  let isDone = false
  let failure: unknown
  story.whole.then(
    () => {
      isDone = true
    },
    error => {
      failure = error
      isDone = true
    },
  )
  let starts = world.starts()
  await drained()
  while (!isDone) {
    if (options.stopsAtProblem && world.problems.length > 0) return
    if (world.step() > options.steps * overrun) {
      world.problem(`the run did not end after ${world.step()} steps`)
      return
    }
    const event = world.schedule.next()
    if (!event) {
      world.problem('everybody waits, and nothing can happen any more')
      return
    }
    await world.run(event, drained)
    const changes = world.rows.changes()
    if (starts !== world.starts()) {
      starts = world.starts()
      for (const checker of story.checkers) checker.restarted?.()
    } else if (changes.length > 0) {
      for (const checker of story.checkers) checker.changed?.(changes, event.actor)
    }
  }
  if (failure !== undefined) throw failure
}

const stories = ['std0000001', 'std0000002']
const polls = ['poll-1']
/** Nobody else votes on these. */
const quietStories = ['std0000003', 'std0000004', 'std0000005', 'std0000006']

const seededRows = (now: number, stories: readonly string[]): Record<string, object[]> => ({
  articles: stories.map(_id => ({
    _id,
    state: 'published',
    version: 1,
    title: `没有阳光的城市 ${_id}`,
    teaser: '两千五百米深的海底',
    channel: 'earth',
    column: 'ocean',
    publishedAt: { $date: new Date(now - 86_400_000).toISOString() },
    tags: ['深海'],
    blocks: [{ type: 'paragraph', spans: ['滚烫的泉水养活了一座城市。'] }],
    related: [],
  })),
  publishedPolls: polls.map(_id => ({
    _id,
    state: 'published',
    question: '见过鲸吗？',
    options: [
      { key: 'a', label: '见过' },
      { key: 'b', label: '没有' },
    ],
    choices: 'one',
    opensAt: { $date: new Date(now - 86_400_000).toISOString() },
    closesAt: { $date: new Date(now + 30 * 86_400_000).toISOString() },
  })),
})

/** Starts everybody, and says when the last one is done. */
function direct(
  world: World,
  { seed, actors, together }: RunOptions,
): { whole: Promise<void>; checkers: Checker[] } {
  const chance = world.stream('director')
  const drawn = chance.pick(casts)
  const cast = actors.filter(actor => together || drawn.includes(actor))
  const has = (actor: Actor): boolean => cast.includes(actor)
  const votes = watchVotes(world)
  const texts = watchStories(world)
  const shares = watchShares(world)
  const checkers: Checker[] = [votes, texts, shares, ...(has('timer') ? [watchRankings(world)] : [])]
  for (const [name, rows] of Object.entries(
    seededRows(world.schedule.now(), has('latecomers') ? [...stories, ...quietStories] : stories),
  ))
    world.database().importLines(
      name,
      rows.map(row => JSON.stringify(row)),
      'insert',
    )
  const desk: Desk = { drafts: ['draft-1', 'draft-2'], lastText: 0, previews: [] }
  const shared: Shared[] = []
  const read = {
    stories: () => world.rows.in('articles').flatMap(({ _id, draft }) => (draft ? [_id] : [])),
    previews: desk.previews,
  }
  const readers = has('voters') ? 3 + chance.int(3) : 2
  const phones = Array.from({ length: readers }, (_, number) => {
    const reader = `reader${number}`
    // The first two readers have two phones each.
    const names = number < 2 ? [`${reader}-a`, `${reader}-b`] : [reader]
    return names.map(name =>
      createPhone(world, {
        name,
        reader,
        ledger: votes,
        onStory: (id, opened, sentAt) => texts.opened(name, id, opened, sentAt),
      }),
    )
  }).flat()

  let rested = 0
  async function round(): Promise<void> {
    const acts = 2 + chance.int(5)
    const inCrowd = chance.hits(0.5)
    const mayLeave = (reader: string): boolean => has('leavers') && reader === 'reader0'
    await Promise.all([
      ...(has('voters') || has('editors')
        ? phones.map(phone =>
            usePhone(world, phone, acts, {
              stories: has('voters') ? stories : [],
              polls: has('voters') ? polls : [],
              read,
              inCrowd,
              comesWithin: rested > 600_000 ? 300 : 0,
              mayLeave: mayLeave(phone.reader),
            }),
          )
        : []),
      ...(has('sharers')
        ? phones.map(phone => shareStories(world, phone, acts, stories, shared, shares))
        : []),
      ...(has('editors') ? ['editor1', 'editor2'].map(name => edit(world, name, acts, desk, texts)) : []),
      ...(has('latecomers') ? [voteLate(world, phones, quietStories)] : []),
      ...(has('timer') ? [runTimer(world, chance.int(3))] : []),
    ])
  }

  async function whole(): Promise<void> {
    world.say(`cast ${cast.join(', ')}`)
    while (!world.isOver()) {
      await round()
      rested = chance.pick(has('voters') || !has('latecomers') ? rests : longRests)
      await world.pause('director', rested)
      for (const checker of checkers) checker.quiet?.()
    }
    world.heal()
    // What a frozen or killed instance left open ends by itself.
    await world.pause('director', 60_000)
    for (const phone of phones) {
      if (!(await phone.settle())) world.problem(`${phone.name} keeps a vote that it never sends`)
      for (const story of stories)
        await phone
          .openStory(story)
          .catch(error => world.problem(`${phone.name} cannot open ${story}: ${error}`))
    }
    if (has('timer')) {
      // Rows with problems are read again every ten minutes.
      for (let tick = 0; tick < 7; tick++) {
        await world.pause('timer', 120_000)
        if (!(await fireTimer(world))) world.problem('a tick of the clock failed though nothing went wrong')
      }
    }
    for (const checker of checkers) checker.end?.()
    world.say(`end of seed ${seed}`)
  }

  return { whole: whole(), checkers }
}
