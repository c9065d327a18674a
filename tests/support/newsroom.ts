import { createHash } from 'node:crypto'
import { rowsOf, startAppCloud } from './app-cloud'
import type { CloudProcess, CloudProcessOptions } from './local-cloud'

/** What the panel shows. */
export interface Answer {
  ok: boolean
  lines: string[]
}

export type Row = Record<string, unknown>

/** A cloud with an editor's key, and what an editor does and sees. */
export interface Newsroom {
  cloud: CloudProcess
  key: string
  /** The variable EDITOR_KEYS of the cloud's functions. */
  keys: string
  /** Runs the function `editor`, from the console unless a source is given. */
  panel(event: object, source?: string | null): Promise<Answer>
  /** Fires the clock's timer once. */
  tick(): Promise<{ ok: boolean }>
  /** The rows of a collection, with numbers as numbers: an export names their kind. */
  rowsIn(collection: string): Promise<Row[]>
  /** A row of drafts, empty where it does not exist. */
  draftOf(id: string): Promise<Row>
  /** The id of a draft's story. */
  storyOf(id: string): Promise<string>
}

const plain = (_: string, value: unknown): unknown => {
  const kinds = value as {
    $numberInt?: string
    $numberDouble?: string
    $date?: { $numberLong?: string }
  } | null
  const written = kinds?.$numberInt ?? kinds?.$numberDouble
  if (typeof written === 'string') return Number(written)
  return value
}

export async function startNewsroom(options: CloudProcessOptions = {}): Promise<Newsroom> {
  const key = 'a-key-of-an-editor'
  const keys = JSON.stringify({ 王编辑: createHash('sha256').update(key).digest('hex') })
  const cloud = await startAppCloud({
    ...options,
    args: ['--no-timers', '--env', `EDITOR_KEYS=${keys}`, ...(options.args ?? [])],
  })
  const rowsIn = async (collection: string): Promise<Row[]> =>
    JSON.parse(JSON.stringify(await rowsOf(cloud, collection)), plain)
  const draftOf = async (id: string): Promise<Row> =>
    (await rowsIn('drafts')).find(({ _id }) => _id === id) ?? {}
  return {
    cloud,
    key,
    keys,
    rowsIn,
    draftOf,
    storyOf: async id => String((await draftOf(id)).storyId),
    async panel(event, source = null) {
      const body = { name: 'editor', event: { key, ...event }, source }
      return (await cloud.control<{ result: Answer }>('invoke', body)).result
    },
    async tick() {
      return (await cloud.control<{ result: { ok: boolean } }>('fire', { name: 'clock' })).result
    },
  }
}

/** A row of drafts as an editor writes it. */
export const draftRow = (_id: string, changes: object = {}) => ({
  _id,
  title: '鲸落为什么能养活深海',
  teaser: '一头鲸沉到海底，会变成一片绿洲。',
  channel: '地球',
  column: '海洋',
  author: '林海',
  editor: '王编辑',
  tags: '深海、鲸落',
  status: '草稿',
  body: '一头鲸沉到海底。\n\n它养活**三批**居民。',
  ...changes,
})

/** A poll that is open, on no story yet. */
export const pollRow = (_id: string, changes: object = {}): Row => ({
  _id,
  question: '见过鲸吗？',
  opensAt: '2026-11-20 09:30',
  closesAt: '2090-11-20 09:30',
  options: [
    { key: 'a', label: '见过' },
    { key: 'b', label: '没有' },
  ],
  ...changes,
})
