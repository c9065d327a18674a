import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { openArticle } from '#contract/article'
import { readFeed } from '#contract/feed'
import { got, putRows, refused, startAppCloud, storyRow } from '../support/app-cloud'
import { type CloudProcess, startCloudProcess } from '../support/local-cloud'
import { standardArticle } from '../support/standard-article'
import type { Figure } from './figure'
import { createCaller, median, poolArgs, ratePerSecond, warmUp, width } from './load'

const root = path.resolve(__dirname, '../..')
const dist = path.join(root, 'dist/cloudfunctions')
const { id, publishedAt: _, ...story } = standardArticle
const openEvent = JSON.stringify({ action: 'openArticle', data: { articleId: id } })

/** The standard story, and enough others of its channel for 相关阅读 to choose from. */
const rows = [
  storyRow(id, 500, { ...story, tags: ['深海'] }),
  ...Array.from({ length: 40 }, (_, i) =>
    storyRow(`other${String(i).padStart(5, '0')}`, i, { tags: ['深海'] }),
  ),
]

type Operations = Record<string, number>

async function countersOf(cloud: CloudProcess, work: () => Promise<unknown>) {
  await cloud.control('reset-counters')
  await work()
  const { invocations, operations } = await cloud.control<{ invocations: number; operations: Operations }>(
    'counters',
  )
  const { read = 0, write = 0, transaction = 0, examined = 0 } = operations
  return { invocations, operations: read + write + transaction, examined }
}

async function measureOpening(cloud: CloudProcess): Promise<Figure[]> {
  const reader = await cloud.signIn()
  const open = () => got(cloud, reader, openArticle, { articleId: id })
  // The first call of a deployment also draws its salt.
  await open()
  await cloud.control('kill-workers')
  const cold = await countersOf(cloud, open)
  // After three seconds the story's version is read again: the most expensive warm opening.
  await cloud.control('clock', { move: 10_000 })
  const warm = await countersOf(cloud, open)
  const caller = createCaller(cloud.url, reader.token, 1)
  const reply = await caller.call('content', openEvent)
  caller.close()
  const how = 'the standard story on the local cloud, counted there'
  return [
    {
      name: 'article.open.calls',
      value: cold.invocations,
      unit: '',
      how: `${how}; the reply is parsed as complete`,
    },
    { name: 'article.open.dbOps.cold', value: cold.operations, unit: '', how: `${how}; a new instance` },
    {
      name: 'article.open.dbOps.warm',
      value: warm.operations,
      unit: '',
      how: `${how}; ten seconds later, so the version is checked`,
    },
    {
      name: 'article.open.replyBytes',
      value: Buffer.byteLength(reply),
      unit: 'B',
      how: 'the function’s reply as the phone gets it',
    },
  ]
}

async function measureRates(cloud: CloudProcess): Promise<Figure[]> {
  // The echo function has a cloud of its own: in one pool the two functions would end each other's instances.
  const echoCloud = await startCloudProcess({ args: poolArgs })
  const [opener, echoer] = await Promise.all(
    [cloud, echoCloud].map(async one => createCaller(one.url, (await one.signIn()).token, width)),
  )
  if (!opener || !echoer) throw new Error('two callers were asked for')
  const open = () => opener.call('content', openEvent)
  const echo = () => echoer.call('echo', '{}')
  const rounds: { open: number; echo: number }[] = []
  try {
    await warmUp(echoCloud, echo)
    await warmUp(cloud, open)
    // The two are measured alternately, so that other load on the machine slows both.
    for (let round = 0; round < 5; round++) {
      rounds.push({ echo: await ratePerSecond(echo, width, 2), open: await ratePerSecond(open, width, 2) })
    }
  } finally {
    opener.close()
    echoer.close()
    await echoCloud.stop()
  }
  const how = `${width} at a time from one process, warm, median of five rounds of two seconds`
  return [
    { name: 'open.perSecond', value: median(rounds.map(({ open }) => open)), unit: '/s', how },
    { name: 'echo.perSecond', value: median(rounds.map(({ echo }) => echo)), unit: '/s', how },
    {
      name: 'open.perSecond / echo.perSecond',
      value: median(rounds.map(({ open, echo }) => open / echo)),
      unit: '',
      how: `${how}; echo is a function that only answers`,
    },
  ]
}

async function measureWithdrawal(cloud: CloudProcess): Promise<Figure> {
  const reader = await cloud.signIn()
  const open = () => got(cloud, reader, openArticle, { articleId: id })
  await open()
  await putRows(cloud, 'articles', [storyRow(id, 500, { ...story, state: 'withdrawn' })])
  const begun = performance.now()
  for (;;) {
    const reply = await refused(cloud, reader, openArticle, { articleId: id }).catch(() => null)
    const seconds = (performance.now() - begun) / 1000
    if (reply?.code === 'not-found' || seconds > 60) {
      const how = 'a warm instance is asked again and again after the row says withdrawn'
      return { name: 'withdraw.seconds', value: seconds, unit: 's', how }
    }
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

const many = 100_000

async function measureFeed(cloud: CloudProcess): Promise<Figure> {
  const batch = 20_000
  for (let from = 0; from < many; from += batch) {
    await putRows(
      cloud,
      'articles',
      Array.from({ length: batch }, (_, i) => storyRow(`many${String(from + i).padStart(6, '0')}`, from + i)),
    )
  }
  const reader = await cloud.signIn()
  let worst = 0
  // The first page, a later page, and a page of a column.
  for (const scope of [{}, { channel: 'earth', column: 'ocean' }]) {
    let cursor: string | undefined
    for (let page = 0; page < 5; page++) {
      const { examined } = await countersOf(cloud, async () => {
        const { next } = await got(cloud, reader, readFeed, { ...scope, ...(cursor ? { cursor } : {}) })
        cursor = next ?? undefined
      })
      worst = Math.max(worst, examined)
    }
  }
  const how = `the worst of ten pages of 20 among ${many.toLocaleString('en-US')} stories, of everything and of a column`
  return { name: 'feed.examined', value: worst, unit: 'documents', how }
}

const run = promisify(execFile)

/** Milliseconds to require a module, in a process of its own. */
async function requireTime(module: string): Promise<number> {
  const script = `const t=performance.now();require(${JSON.stringify(module)});console.log(performance.now()-t)`
  const env = { PATH: process.env.PATH, TENCENTCLOUD_RUNENV: 'SCF' }
  const { stdout } = await run(process.execPath, ['-e', script], { cwd: root, env })
  return Number(stdout.trim().split('\n').at(-1))
}

async function measureColdStart(): Promise<Figure> {
  const times: { built: number; sdk: number }[] = []
  for (let round = 0; round < 11; round++) {
    times.push({
      built: await requireTime(path.join(dist, 'content')),
      sdk: await requireTime('wx-server-sdk'),
    })
  }
  const ours = median(times.map(({ built }) => built))
  const sdk = median(times.map(({ sdk }) => sdk))
  const how = `median of 11 processes in turn: content ${ours.toFixed(0)} ms, the SDK alone ${sdk.toFixed(0)} ms`
  return { name: 'function.coldStart', value: ours / sdk, unit: '', how }
}

/** What opening, listing and withdrawing stories cost. */
export async function measureContent(): Promise<Figure[]> {
  const cloud = await startAppCloud({ args: poolArgs })
  try {
    await putRows(cloud, 'articles', rows)
    const figures = await measureOpening(cloud)
    figures.push(...(await measureRates(cloud)))
    figures.push(await measureWithdrawal(cloud))
    figures.push(await measureFeed(cloud))
    figures.push(await measureColdStart())
    return figures
  } finally {
    await cloud.stop()
  }
}
