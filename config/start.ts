// The cloud runs functions in UTC. The laptop's time zone must not hide a mistake.
process.env.TZ = 'UTC'

import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { type LocalCloud, startLocalCloud } from '../local-cloud/cloud'
import { dataFolderOf } from '../local-cloud/data-folder'
import { sampleVotes } from '../stories/build/sample-votes'
import { ensureBuilt } from './build'

const root = path.resolve(__dirname, '..')
const port = Number(process.env.PORT ?? 8787)

const samples = (name: string): string[] =>
  readFileSync(path.join(root, `dist/stories/${name}.jsonl`), 'utf8')
    .split('\n')
    .filter(line => line !== '')

const dataFolder = dataFolderOf()

/** The key of the function `editor` on this machine: made once, so that an editor can write it down. */
function readEditorKey(): string {
  const file = path.join(dataFolder, 'editor.key')
  mkdirSync(dataFolder, { recursive: true })
  try {
    writeFileSync(file, randomBytes(18).toString('base64url'), { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  const key = readFileSync(file, 'utf8').trim()
  if (key === '') throw new Error(`${file} is empty: delete it, and the next start makes a new key.`)
  return key
}

/** How many samples are published at once. */
const lanes = 4

type Collection = 'drafts' | 'topics' | 'polls'

/** Publishes sample rows of a collection as an editor does, in the given order. Returns how many were published. */
async function publishRows(
  cloud: LocalCloud,
  key: string,
  collection: Collection,
  ids: readonly string[],
): Promise<number> {
  const queue = [...ids]
  let published = 0
  const lane = async (): Promise<void> => {
    for (let draft = queue.shift(); draft !== undefined; draft = queue.shift()) {
      const event = { action: 'publish', collection, draft, key }
      const { result } = (await cloud.command('invoke', { name: 'editor', event, source: null })) as {
        result: { ok: boolean; lines: string[] }
      }
      if (result.ok) published += 1
      else console.error(`${draft}: ${result.lines.join('\n')}`)
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return published
}

/**
 * Inserts the samples into empty collections only, so that a developer's own changes survive. Returns whether it
 * published the sample stories.
 */
async function importSamples(cloud: LocalCloud, key: string): Promise<boolean> {
  const isEmpty = (collection: string): boolean =>
    cloud.database.exportLines(collection)[Symbol.iterator]().next().done === true
  const fill = (collection: string, lines: readonly string[]): void => {
    if (!isEmpty(collection)) return
    const { inserted } = cloud.database.importLines(collection, lines, 'insert')
    console.log(`  imported ${inserted} sample ${collection}`)
  }
  const rows = (collection: Collection): { _id: string; publishAt?: string }[] =>
    samples(collection).map(line => JSON.parse(line) as { _id: string; publishAt?: string })
  const idsOf = (collection: Collection): string[] => rows(collection).map(({ _id }) => _id)
  // Topics name polls, and drafts name both.
  for (const [collection, published] of [
    ['polls', 'publishedPolls'],
    ['topics', 'publishedTopics'],
  ] as const) {
    fill(collection, samples(collection))
    if (isEmpty(published)) await publishRows(cloud, key, collection, idsOf(collection))
  }
  const isFirst = isEmpty('articles') && isEmpty('drafts')
  if (isFirst) {
    fill('drafts', samples('drafts'))
    const oldestFirst = rows('drafts').sort((a, b) => ((a.publishAt ?? '') < (b.publishAt ?? '') ? -1 : 1))
    const ids = oldestFirst.map(({ _id }) => _id)
    console.log(`  published ${await publishRows(cloud, key, 'drafts', ids)} sample stories`)
    // Once more, now that the stories which they list are there.
    await publishRows(cloud, key, 'topics', idsOf('topics'))
  }
  const votes = sampleVotes(samples('articles'), samples('polls'), Date.now())
  fill(
    'votes',
    votes.map(row => JSON.stringify(row)),
  )
  return isFirst
}

/** Builds what is out of date, starts the local cloud with the sample stories, and serves the web build. */
async function start(): Promise<void> {
  if (process.argv.length > 2) {
    console.error(
      'npm start takes no arguments. PORT=9000 chooses the ports, KEPU_DATA=<folder> the data folder.',
    )
    process.exit(2)
  }
  if (!Number.isInteger(port) || port < 0 || port > 65534) {
    throw new Error(`PORT must be a whole number from 0 to 65534, not "${process.env.PORT}".`)
  }
  console.log('Building what has changed (about a minute the first time) …')
  await ensureBuilt(undefined, line => console.log(`  ${line}`))
  const editorKey = readEditorKey()
  const cloud = await startLocalCloud({
    port,
    dataFolder,
    functionsFolder: path.join(root, 'dist/cloudfunctions'),
    rulesFolder: path.join(root, 'cloudfunctions/rules'),
    hostingFolder: path.join(root, 'dist/web'),
    consoleFolder: path.join(root, 'dist/console'),
    variables: {
      EDITOR_KEYS: JSON.stringify({ 本机: createHash('sha256').update(editorKey).digest('hex') }),
    },
    report: line => console.error(line),
  })
  const isFirst = await importSamples(cloud, editorKey)
  const tick = () =>
    cloud.command('fire', { name: 'clock', overlap: true }).catch((error: unknown) => console.error(error))
  // Make the rankings now instead of at the next full minute. If that is now, both runs are harmless.
  await tick()
  console.log(`
科普云
  the site, for web visitors      ${cloud.url}/   visitors have no identity: they see counts but cannot vote
  the phone preview, for votes    ${cloud.previewUrl}/   the same pages; each browser is a separate reader
  a story as Moments shows it     open one in the preview and add ?scene=1154
  for editors                     docs/编辑手册.md
    控制台 (the console)            ${cloud.url}/console
    控制台口令 (its token)          ${cloud.consoleToken}
    编辑口令 (key of editor)        ${editorKey}
  for the WeChat tool             dist/weapp-local (no account), dist/weapp and dist/cloudfunctions (real)
Stop with Ctrl-C.`)
  const stop = (): void => {
    void cloud.close().then(() => process.exit(0))
  }
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  // Each tick joins a few of the sample stories to the others, so that all offer the nearest as 相关阅读.
  if (isFirst) for (let n = 0; n < 8; n++) await tick()
}

start().catch((error: unknown) => {
  const { code, port: taken } = error as NodeJS.ErrnoException & { port?: number }
  const message = error instanceof Error ? error.message : String(error)
  console.error(
    code === 'EADDRINUSE'
      ? `Port ${taken} is taken. Choose another pair: PORT=${port + 10} npm start`
      : message,
  )
  process.exit(1)
})
