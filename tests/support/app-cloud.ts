import { execFile } from 'node:child_process'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import * as v from 'valibot'
import type { Endpoint, InputOf, OutputOf } from '#contract/endpoint'
import { Reply, type WireError } from '#contract/envelope'
import { forgetReader } from '#contract/reader'
import { parseBeijingTime } from '#shared/beijing-time'
import { isCurrent, type Target, withDependencies } from '../../config/targets'
import { type CloudProcess, type CloudProcessOptions, type Reader, startCloudProcess } from './local-cloud'

const root = path.resolve(__dirname, '../..')
const run = promisify(execFile)

const builds = new Map<string, Promise<unknown>>()

/**
 * Builds what is out of date, in a separate process: esbuild refuses to run inside jest's realm. Such a process takes two
 * seconds before it knows that nothing is, so that is found out here.
 */
export async function built(...targets: Target[]): Promise<void> {
  const key = targets.join(' ')
  const known = builds.get(key)
  if (!known && withDependencies(targets).every(target => isCurrent(target))) return
  const build =
    known ??
    run(process.execPath, ['--import', 'tsx', path.join(root, 'config/build.ts'), ...targets], { cwd: root })
  builds.set(key, build)
  await build
}

/** A local cloud with the app's built functions, rules and indexes. */
export async function startAppCloud(options: CloudProcessOptions = {}): Promise<CloudProcess> {
  await built('functions')
  return startCloudProcess({
    functionsFolder: path.join(root, 'dist/cloudfunctions'),
    rulesFolder: path.join(root, 'cloudfunctions/rules'),
    ...options,
  })
}

/** Calls an endpoint as a page does. Returns the reply, success or error, parsed by the contract. */
export async function ask<E extends Endpoint>(
  cloud: CloudProcess,
  reader: Reader,
  endpoint: E,
  input: InputOf<E>,
): Promise<{ ok: true; data: OutputOf<E> } | { ok: false; error: WireError }> {
  const [functionName = '', action] = endpoint.name.split('/')
  const reply = v.parse(Reply, await cloud.call(reader, functionName, { action, data: input }))
  return reply.ok ? { ok: true, data: v.parse(endpoint.output, reply.data) as OutputOf<E> } : reply
}

/**
 * The data of a call that must succeed. Repeats the call after `unavailable`, as a reader would: on a busy machine a
 * cold instance may wait for its database longer than the SDK does.
 */
export async function got<E extends Endpoint>(
  cloud: CloudProcess,
  reader: Reader,
  endpoint: E,
  input: InputOf<E>,
): Promise<OutputOf<E>> {
  for (let attempt = 1; ; attempt++) {
    const reply = await ask(cloud, reader, endpoint, input)
    if (reply.ok) return reply.data
    const { code, message } = reply.error
    if (code === 'unavailable' && attempt < 4) continue
    throw new Error(
      `${endpoint.name}: ${code} ${message}${code === 'internal' ? `\n${await lastLines(cloud)}` : ''}`,
    )
  }
}

/** The error of a call that must fail permanently, not only temporarily. */
export async function refused<E extends Endpoint>(
  cloud: CloudProcess,
  reader: Reader,
  endpoint: E,
  input: InputOf<E>,
): Promise<WireError> {
  for (let attempt = 1; ; attempt++) {
    const reply = await ask(cloud, reader, endpoint, input)
    if (reply.ok) throw new Error(`${endpoint.name} succeeded`)
    if (reply.error.code !== 'unavailable' || attempt >= 4) return reply.error
  }
}

/** A row of the collection of stories, as an editor imports it. */
export type StoryRow = Record<string, unknown> & { _id: string }

const epoch = Date.UTC(2026, 0, 1)

/** A story whose fields are all valid. `at` is in minutes from a fixed day. */
export function storyRow(_id: string, at: number, changes: Record<string, unknown> = {}): StoryRow {
  return {
    _id,
    state: 'published',
    version: 1,
    title: `题目 ${_id}`,
    teaser: '一句话。',
    channel: 'earth',
    column: 'ocean',
    publishedAt: { $date: new Date(epoch + at * 60_000).toISOString() },
    source: '科普云',
    author: '作者',
    editor: '编辑',
    tags: [],
    blocks: [{ type: 'paragraph', spans: ['正文。'] }],
    ...changes,
  }
}

/** Inserts rows. Replaces rows with the same id. */
export async function putRows(
  cloud: CloudProcess,
  collection: string,
  rows: readonly object[],
): Promise<void> {
  const lines = rows.map(row => JSON.stringify(row)).join('\n')
  await cloud.control('import', { collection, lines, upsert: true })
}

/** A poll as publishing writes it, from a row that may hold times as text. */
export function publishedPoll(row: Record<string, unknown>): object {
  const time = (value: unknown): unknown => {
    const at = typeof value === 'string' ? parseBeijingTime(value) : null
    return at === null ? value : { $date: new Date(at).toISOString() }
  }
  const { opensAt, closesAt } = row
  return { choices: 'one', state: 'published', ...row, opensAt: time(opensAt), closesAt: time(closesAt) }
}

/** Inserts polls as publishing writes them. */
export const putPolls = (cloud: CloudProcess, rows: readonly object[]): Promise<void> =>
  putRows(
    cloud,
    'publishedPolls',
    rows.map(row => publishedPoll({ ...row })),
  )

/** All documents of a collection, as exported. */
export async function rowsOf(cloud: CloudProcess, collection: string): Promise<Record<string, unknown>[]> {
  const { lines } = await cloud.control<{ lines: string }>('export', { collection })
  return lines === '' ? [] : lines.split('\n').map(line => JSON.parse(line) as Record<string, unknown>)
}

/**
 * Deletes all votes of a reader without the five seconds for which a call waits for votes on their way: as soon as the
 * ballots are removed, the instance that waits is killed and the cloud's clock moves past the wait; another call then
 * finds nothing left. For tests of what holds after a deletion, in which no vote is on its way.
 */
export async function forgetAtOnce(cloud: CloudProcess, reader: Reader): Promise<{ epoch: number }> {
  const notes = async () => (await rowsOf(cloud, 'votes')).filter(({ kind }) => kind === 'forgotten')
  const before = new Set((await notes()).map(({ at }) => JSON.stringify(at)))
  let isKilled = false
  let failure: unknown
  const removeAll = async (): Promise<void> => {
    let reply = await got(cloud, reader, forgetReader, {})
    while (!reply.done) reply = await got(cloud, reader, forgetReader, { continues: reply.epoch })
  }
  const first = removeAll().catch((error: unknown) => {
    if (!isKilled) failure = error
  })
  const isRemoved = async (): Promise<boolean> => {
    const note = (await notes()).find(({ at }) => !before.has(JSON.stringify(at)))
    if (!note) return false
    const votes = await rowsOf(cloud, 'votes')
    return !votes.some(row => row.kind === 'ballot' && row.reader === note.reader)
  }
  while (!(await isRemoved())) {
    if (failure) throw failure
    await wait(20)
  }
  isKilled = true
  await cloud.control('kill-workers')
  await first
  await cloud.control('clock', { move: 7_000 })
  const { done, removed, epoch } = await got(cloud, reader, forgetReader, {})
  if (!done || removed > 0 || epoch === undefined) throw new Error('votes were left after the deletion')
  return { epoch }
}

export interface LoggedInvocation {
  functionName: string
  requestId: string
  outcome: string
  operations: Record<string, number>
  lines: { level: string; text: string }[]
}

/** The latest invocations, oldest first. */
export const logsOf = (cloud: CloudProcess): Promise<LoggedInvocation[]> =>
  cloud.control('logs', { limit: 2000 })

async function lastLines(cloud: CloudProcess): Promise<string> {
  const lines = (await logsOf(cloud)).flatMap(record => record.lines.map(({ text }) => text))
  return lines.slice(-3).join('\n')
}
