import type { CloudProcess, Reader } from '../support/local-cloud'
import type { Figure } from './figure'
import { createCaller, median } from './load'
import { buildForBench } from './votes-build'
import {
  atOnce,
  type BenchBuild,
  importRows,
  inLanes,
  requestsSince,
  signInMany,
  storyRow,
  type VoteReply,
  vote,
  voteEvent,
  voteMoods,
} from './votes-cloud'
import { measureRanking } from './votes-ranking'
import { measureStorm } from './votes-storm'

/**
 * Votes as a phone does: repeats the call under the same revision while the cloud is busy. The measurement includes the
 * repeats.
 */
async function mustVote(cloud: CloudProcess, reader: Reader, articleId: string, n: number): Promise<void> {
  const mood = voteMoods[n % voteMoods.length] ?? 'happy'
  let failure = ''
  for (let attempt = 1; attempt <= 20; attempt++) {
    const reply = await vote(cloud, reader, articleId, mood, 1).catch((error: unknown) => String(error))
    if (typeof reply === 'object' && reply.ok) return
    failure = typeof reply === 'string' ? reply : (reply.error?.code ?? '')
  }
  throw new Error(`a vote was refused: ${failure}`)
}

async function perSecond(jobs: readonly (() => Promise<unknown>)[]): Promise<number> {
  const begun = performance.now()
  await inLanes(atOnce, jobs)
  return jobs.length / ((performance.now() - begun) / 1000)
}

const rounds = 5
const perRound = 300
/** Number of instances of each kind; far fewer already use two cores fully. */
const instances = 24

/**
 * Measures votes, bare transactions and bare reads alternately, so that a busy machine slows all of them. Each kind has
 * a cloud of its own, because in one pool they would end each other's instances.
 */
export async function measureRates(build: BenchBuild): Promise<Figure[]> {
  const options = { args: ['--instances', String(instances)] }
  const clouds = await Promise.all([build.start(options), build.start(options), build.start(options)])
  const [voting, transacting, reading] = clouds
  try {
    await importRows(voting, 'articles', [storyRow('hotstory01')])
    const rows = Array.from({ length: perRound * 2 }, (_, n) => ({ _id: `b${n}`, n: 0 }))
    await importRows(transacting, 'bare', rows)
    await importRows(reading, 'bare', rows)
    const readers = await signInMany(voting, perRound * (rounds + 1))
    const votes = (round: number) =>
      readers
        .slice(round * perRound, (round + 1) * perRound)
        .map((reader, n) => () => mustVote(voting, reader, 'hotstory01', n))
    const [first, second] = [await transacting.signIn(), await reading.signIn()]
    const transactions = Array.from(
      { length: perRound },
      (_, n) => () =>
        transacting.call(first, 'bare-transaction', { own: `b${n}`, other: `b${perRound + n}` }),
    )
    const gets = Array.from(
      { length: perRound * 3 },
      (_, n) => () => reading.call(second, 'bare-get', { own: `b${n % perRound}` }),
    )
    // Warm: instances started, code compiled, votes spread over shards.
    await perSecond(votes(0))
    await perSecond(transactions)
    await perSecond(gets)
    await voting.control('reset-counters')
    const rates: { votes: number; transactions: number; gets: number }[] = []
    for (let round = 1; round <= rounds; round++) {
      rates.push({
        votes: await perSecond(votes(round)),
        transactions: await perSecond(transactions),
        gets: await perSecond(gets),
      })
    }
    const requests = await requestsSince(voting, 'reactions')
    const rate = (key: 'votes' | 'transactions' | 'gets'): number =>
      Math.round(median(rates.map(of => of[key])))
    return [
      {
        name: 'vote.perSecond / txn.perSecond',
        value: median(rates.map(of => of.votes / of.transactions)),
        unit: 'ratio',
        how: `${atOnce} at a time, one story, ${perRound} new readers a round, ${rounds} rounds by turns, pools of ${instances}; middle of the rounds: ${rate('votes')} votes to ${rate('transactions')} bare transactions a second`,
      },
      {
        name: 'txn.perSecond × 5 / get.perSecond',
        value: median(rates.map(of => (of.transactions * 5) / of.gets)),
        unit: 'ratio',
        how: `the same rounds: ${rate('transactions')} bare transactions (5 requests each) to ${rate('gets')} bare reads a second`,
      },
      {
        name: 'vote.requests.hot',
        value: requests / (rounds * perRound),
        unit: 'requests',
        how: `the same votes: every request of the function, start, commit, retries and reading back included, over ${rounds * perRound} votes`,
      },
    ]
  } finally {
    await Promise.all(clouds.map(cloud => cloud.stop()))
  }
}

/** One vote at a time, on stories that no other reader votes on. */
export async function measureCalm(build: BenchBuild): Promise<Figure> {
  const stories = Array.from({ length: 20 }, (_, n) => `calm${String(n).padStart(5, '0')}`)
  const votesEach = 5
  const cloud = await build.start()
  try {
    await importRows(cloud, 'articles', [...stories.map(id => storyRow(id)), storyRow('warmup0001')])
    const readers = await signInMany(cloud, votesEach)
    await mustVote(cloud, readers[0] as Reader, 'warmup0001', 0)
    await cloud.control('reset-counters')
    for (const story of stories)
      for (const [n, reader] of readers.entries()) await mustVote(cloud, reader, story, n)
    return {
      name: 'vote.requests.calm',
      value: (await requestsSince(cloud, 'reactions')) / (stories.length * votesEach),
      unit: 'requests',
      how: `${votesEach} first votes one after the other on each of ${stories.length} stories, the first on each creating its shard; warm instance`,
    }
  } finally {
    await cloud.stop()
  }
}

/** Votes at a fixed pace, without waiting for the earlier replies, as after a push message of a newsroom. */
export async function measureHotLatency(build: BenchBuild): Promise<Figure> {
  const pace = 167
  const seconds = 10
  const warmUp = 40 * atOnce
  const cloud = await build.start()
  const callers = createCaller(cloud.url, '', 4 * atOnce)
  const castVote = async ({ token }: Reader, n: number): Promise<VoteReply> => {
    const event = JSON.stringify(voteEvent('hotstory02', voteMoods[n % voteMoods.length] ?? 'happy', 1))
    return JSON.parse(await callers.call('reactions', event, token)) as VoteReply
  }
  try {
    await importRows(cloud, 'articles', [storyRow('hotstory02')])
    const readers = await signInMany(cloud, warmUp + pace * seconds)
    // Warms up under the same latency: the instances it needs are started, each has a shard, and their code is
    // compiled.
    await cloud.control('weather', { operations: { latency: { min: 20, max: 40 } }, seed: 1 })
    await inLanes(
      atOnce,
      readers.slice(0, warmUp).map((reader, n) => async () => {
        const { ok, error } = await castVote(reader, n)
        if (!ok) throw new Error(`a vote was refused: ${error?.code}`)
      }),
    )
    const begun = performance.now()
    const took: number[] = []
    let refused = 0
    await Promise.all(
      readers.slice(warmUp).map(async (reader, n) => {
        const due = begun + (n * 1000) / pace
        await new Promise(resolve => setTimeout(resolve, Math.max(0, due - performance.now())))
        const reply = await castVote(reader, n)
        took.push((performance.now() - due) / 1000)
        if (!reply.ok) refused++
      }),
    )
    took.sort((a, b) => a - b)
    return {
      name: 'vote.hot.p99',
      value: took[Math.floor(took.length * 0.99)] ?? Number.NaN,
      unit: 's',
      how: `${pace} votes a second on one story for ${seconds} s, 20–40 ms an operation, up to ${atOnce} instances, warm (${warmUp} votes before, ${atOnce} at a time), from the moment a vote was due; ${refused} refused, median ${(took[took.length >> 1] ?? 0).toFixed(2)} s`,
    }
  } finally {
    callers.close()
    await cloud.stop()
  }
}

/** Measures every figure of votes, rankings and the clock. Takes some minutes. */
export async function measureVotes(): Promise<Figure[]> {
  const build = await buildForBench()
  try {
    return [
      ...(await measureRates(build)),
      await measureCalm(build),
      await measureHotLatency(build),
      ...(await measureStorm(build)),
      ...(await measureRanking(build)),
    ]
  } finally {
    build.remove()
  }
}
