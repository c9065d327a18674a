/**
 * What a month costs. Prices: WeChat's documentation, 云开发 → 计费, read in November 2026 (基础套餐 and 按量付费). Ask the console
 * for today's before you rely on them.
 */
export const prices = {
  /** Yuan a month for the base plan, and what it includes. */
  base: { yuan: 19.9, calls: 200_000, gigabyteSeconds: 100_000, gigabytes: 5 },
  /** Yuan for one more. A call is a call of a function, a read or write of the database, or an operation of storage. */
  call: 0.5 / 10_000,
  gigabyteSecond: 0.00011108,
  /** Traffic of the CDN. */
  gigabyte: 0.21,
} as const

/** Memory of a function (GB). */
const memory = 0.25

/** What one journey of a reader takes. */
export interface Journey {
  /** Calls of functions. */
  calls: number
  /** Operations of the database and of storage. */
  operations: number
  /** Seconds that functions run. */
  seconds: number
  /** Bytes of pictures that the phone does not have yet. */
  pictures: number
}

/** How often a reader does something in a month. Assumed: replace them by what your own month says. */
export const habits = {
  open: 20,
  home: 8,
  feed: 8,
  vote: 3,
  poll: 0.5,
  ranking: 1,
  search: 1,
  share: 0.5,
  opening: 1,
} as const
export type Part = keyof typeof habits

const kb = 1_000

/**
 * Measured: tests/functions/callers.test.ts counts these in the local cloud, in a running instance whose caches are old. Within
 * the seconds for which an instance keeps them, the home page and the ranking take none.
 */
export const measured: Readonly<Record<Part, Pick<Journey, 'calls' | 'operations'>>> = {
  open: { calls: 1, operations: 2 },
  home: { calls: 1, operations: 3 },
  feed: { calls: 1, operations: 1 },
  vote: { calls: 1, operations: 6 },
  poll: { calls: 2, operations: 9 },
  ranking: { calls: 1, operations: 2 },
  search: { calls: 1, operations: 2 },
  share: { calls: 1, operations: 3 },
  opening: { calls: 1, operations: 3 },
}

/** Assumed: run time depends on the platform (that of docs/abuse.md), and bytes of pictures on what you publish. */
const assumed: Readonly<Record<Part, Pick<Journey, 'seconds' | 'pictures'>>> = {
  open: { seconds: 0.05, pictures: 120 * kb },
  home: { seconds: 0.05, pictures: 60 * kb },
  feed: { seconds: 0.05, pictures: 60 * kb },
  vote: { seconds: 0.1, pictures: 0 },
  poll: { seconds: 0.15, pictures: 0 },
  ranking: { seconds: 0.05, pictures: 0 },
  search: { seconds: 0.05, pictures: 20 * kb },
  share: { seconds: 0.02, pictures: 0 },
  opening: { seconds: 0.02, pictures: 0 },
}

/**
 * Assumed: the design that tutorials show: a call for each part of a page (story, counts, own vote, related stories, poll), counts
 * by `count()` for each mood, addresses of pictures asked for each time, originals instead of small pictures, nothing kept
 * on the phone or in an instance.
 */
export const naive: Readonly<Record<Part, Journey>> = {
  open: { calls: 5, operations: 10, seconds: 0.25, pictures: 600 * kb },
  home: { calls: 3, operations: 5, seconds: 0.2, pictures: 1_500 * kb },
  feed: { calls: 1, operations: 2, seconds: 0.08, pictures: 1_500 * kb },
  vote: { calls: 2, operations: 8, seconds: 0.15, pictures: 0 },
  poll: { calls: 3, operations: 10, seconds: 0.2, pictures: 0 },
  ranking: { calls: 1, operations: 1, seconds: 1, pictures: 0 },
  search: { calls: 1, operations: 2, seconds: 0.3, pictures: 300 * kb },
  share: { calls: 1, operations: 1, seconds: 0.02, pictures: 0 },
  opening: { calls: 1, operations: 1, seconds: 0.02, pictures: 0 },
}

/** Ticks of the clock in a month of 30 days, and what an idle one takes. The seconds are assumed. */
const ticks = 30 * 24 * 30
export const tick: Journey = { calls: 1, operations: 2, seconds: 0.1, pictures: 0 }

interface Amount {
  calls: number
  gigabyteSeconds: number
  gigabytes: number
}

const amountOf = ({ calls, operations, seconds, pictures }: Journey, times: number): Amount => ({
  calls: (calls + operations) * times,
  gigabyteSeconds: seconds * memory * times,
  gigabytes: (pictures * times) / 1e9,
})

/** Yuan without what the base plan includes. */
const yuanOf = ({ calls, gigabyteSeconds, gigabytes }: Amount): number =>
  calls * prices.call + gigabyteSeconds * prices.gigabyteSecond + gigabytes * prices.gigabyte

export interface Row {
  part: Part | 'clock' | 'included' | 'together'
  times: number
  ours: number
  naive: number
}

/** What is subtracted, at most the price of what is used. */
function included(amounts: readonly Amount[]): number {
  const sum = (key: keyof Amount): number => amounts.reduce((total, amount) => total + amount[key], 0)
  const { base } = prices
  return (
    base.yuan -
    yuanOf({
      calls: Math.min(base.calls, sum('calls')),
      gigabyteSeconds: Math.min(base.gigabyteSeconds, sum('gigabyteSeconds')),
      gigabytes: Math.min(base.gigabytes, sum('gigabytes')),
    })
  )
}

/** Yuan a month by part, for this design and for the naive one. */
export function costOf(readers: number): Row[] {
  const parts = Object.keys(habits) as Part[]
  const amounts = (design: (part: Part) => Journey): Amount[] => [
    ...parts.map(part => amountOf(design(part), habits[part] * readers)),
    amountOf(tick, ticks),
  ]
  const [ours, theirs] = [
    amounts(part => ({ ...measured[part], ...assumed[part] })),
    amounts(part => naive[part]),
  ]
  const rows: Row[] = [...parts, 'clock' as const].map((part, at) => ({
    part,
    times: part === 'clock' ? ticks : habits[part] * readers,
    ours: yuanOf(ours[at] as Amount),
    naive: yuanOf(theirs[at] as Amount),
  }))
  rows.push({ part: 'included', times: 1, ours: included(ours), naive: included(theirs) })
  const total = (key: 'ours' | 'naive'): number => rows.reduce((sum, row) => sum + row[key], 0)
  return [...rows, { part: 'together', times: 1, ours: total('ours'), naive: total('naive') }]
}

const labels: Record<'en' | 'zh', Record<Row['part'] | 'head', string>> = {
  en: {
    head: '| a month | times | ¥ here | ¥ naive |',
    open: 'open a story',
    home: 'the home page',
    feed: 'another page of a list',
    vote: 'vote',
    poll: 'see a poll and answer it',
    ranking: 'the ranking',
    search: 'search',
    share: 'share',
    opening: 'open a shared story',
    clock: 'the clock',
    included: 'base plan, less what it includes',
    together: '**together**',
  },
  zh: {
    head: '| 每月 | 次数 | 本项目（元） | 常见写法（元） |',
    open: '打开文章',
    home: '首页',
    feed: '列表的下一页',
    vote: '投心情',
    poll: '看云投并回答',
    ranking: '排行',
    search: '搜索',
    share: '分享',
    opening: '打开别人分享的文章',
    clock: '定时任务',
    included: '基础套餐，减去其中包含的用量',
    together: '**合计**',
  },
}

const whole = (value: number): string => Math.round(value).toLocaleString('en-US')

/** What of the table is not measured. */
export const assumptions =
  'Measured: calls and operations here. Assumed: how often readers do what, seconds, pictures, the naive design. Prices: November 2026.'

/** The rows as a table of Markdown. */
export function tableOf(rows: readonly Row[], language: 'en' | 'zh'): string {
  const words = labels[language]
  return [
    words.head,
    '| --- | --: | --: | --: |',
    ...rows.map(({ part, times, ours, naive: theirs }) => {
      const count = part === 'included' || part === 'together' ? '' : whole(times)
      return `| ${words[part]} | ${count} | ${whole(ours)} | ${whole(theirs)} |`
    }),
  ].join('\n')
}
