import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import sharp from 'sharp'
import { parseBody } from '#shared/publishing/body/read-body'
import { chooseRelated } from '#shared/publishing/choose-related'
import { composePoll, composeTopic, entryDigest } from '#shared/publishing/compose-entry'
import {
  composeStory,
  type StoryParts,
  storyDigest,
  storyRow,
  storyTextOf,
} from '#shared/publishing/compose-story'
import { ownPicture } from '#shared/publishing/pictures/own-picture'
import { placeStory } from '#shared/publishing/place-story'
import { readDraft } from '#shared/publishing/read-draft'
import { picturesOf, readDraftBody } from '#shared/publishing/read-draft-body'
import { readPollRow } from '#shared/publishing/read-poll'
import { readTime } from '#shared/publishing/read-time'
import { readTopicRow } from '#shared/publishing/read-topic'
import { storyIdOf } from '#shared/publishing/story-id-of'
import { countPairs } from '#shared/publishing/story-terms'
import { thumbOf } from '#shared/publishing/thumbnail'
import { drawLabels, readGlyphs } from './draw-labels'
import { type PollSheet, readPollSheet } from './poll-sheet'
import type { Problem } from './read-fields'
import { type DraftRow, fieldOf, type References, readSampleDraft, type SampleDraft } from './sample-draft'
import { sampleTopicId } from './sample-ids'
import { readTopicSheet, type TopicSheet } from './topic-sheet'

/**
 * Makes rows of the files under stories/: `drafts.jsonl`, as editors would write them; `articles.jsonl`, what publishing
 * makes of those; `topics.jsonl` and `polls.jsonl`; and the pictures, rasterised from our own drawings.
 */

const pictureWidth = 1200
/** A list shows 112 × 84 points; the sharpest phones have three pixels per point. */
const thumb = { width: 336, height: 252 }

/** Thrown with one line per problem: `stories/earth/aurora.md:12 不支持的写法：HTML 标签`. */
export class ManuscriptError extends Error {
  override readonly name = 'ManuscriptError'
}

interface Drawing {
  file: string
  src: string
  width: number
  height: number
}

async function drawingsIn(folder: string, files: readonly string[]): Promise<Map<string, Drawing>> {
  const drawings = new Map<string, Drawing>()
  for (const name of files.filter(file => file.endsWith('.svg'))) {
    const file = path.join(folder, name)
    const { width, height } = await sharp(file).metadata()
    drawings.set(path.basename(name), {
      file,
      src: `/pictures/${path.basename(name, '.svg')}.jpg`,
      width: pictureWidth,
      height: Math.round((pictureWidth * height) / width),
    })
  }
  return drawings
}

async function rasterise(
  drawing: Drawing,
  glyphs: ReturnType<typeof readGlyphs>,
  output: string,
): Promise<void> {
  const name = path.join(output, path.basename(drawing.src, '.jpg'))
  const jpeg = { quality: 82, chromaSubsampling: '4:4:4' }
  const source = await readFile(drawing.file, 'utf8')
  let svg: string
  try {
    svg = drawLabels(source, glyphs).svg
  } catch (error) {
    throw new ManuscriptError(`${drawing.file}:1 ${(error as Error).message}`)
  }
  const full = sharp(Buffer.from(svg)).resize(pictureWidth).flatten({ background: '#FBFAF7' })
  await full.clone().jpeg(jpeg).toFile(`${name}.jpg`)
  await full.clone().resize(thumb.width, thumb.height, { fit: 'cover' }).jpeg(jpeg).toFile(`${name}-s.jpg`)
}

const date = (instant: number) => ({ $date: new Date(instant).toISOString() })

/** The address of a drawing as an editor writes it, with its size. */
const addressOf = ({ src, width, height }: Omit<Drawing, 'file'>): string => `${src}#${width}x${height}`

/** The fields of a topic's row for its cover. A problem if the drawing does not exist. */
function coverOf(
  { cover, coverAlt }: TopicSheet,
  drawings: ReadonlyMap<string, Drawing>,
): { cover?: string; coverAlt?: string } | Problem {
  if (cover === undefined) return {}
  const drawing = drawings.get(cover)
  if (!drawing) return { line: 1, message: `找不到题图：${cover}` }
  return { cover: addressOf(drawing), ...(coverAlt === undefined ? {} : { coverAlt }) }
}

/** An editor's row of topics or polls. */
type DraftEntry = Record<string, unknown> & { _id: string }

type PollOwner = { articleId: string } | { topicId: string }

/** Assigns the named poll to a story or topic. A problem if the poll does not exist or is already assigned. */
function claimPoll(
  owners: Map<string, PollOwner | null>,
  name: string,
  owner: PollOwner,
  line: number,
): Problem | null {
  const taken = owners.get(name)
  if (taken === undefined) return { line, message: `poll：没有这个云投：${name}` }
  if (taken !== null) return { line, message: `poll：这个云投已经用在别处：${name}` }
  owners.set(name, owner)
  return null
}

/** A poll's row in the editors' table, with small pictures. A problem if a drawing does not exist. */
function pollRow(
  name: string,
  { options, ...sheet }: PollSheet,
  drawings: ReadonlyMap<string, Drawing>,
): DraftEntry | Problem {
  const rows: object[] = []
  for (const { picture, alt, ...option } of options) {
    const drawing = picture === undefined ? undefined : drawings.get(picture)
    if (picture !== undefined && !drawing) return { line: 1, message: `options：找不到图片：${picture}` }
    const src = drawing ? addressOf({ src: thumbOf(drawing.src).thumb ?? '', ...thumb }) : ''
    rows.push(drawing ? { ...option, picture: { src, alt } } : option)
  }
  return { _id: name, ...sheet, status: '待发布', options: rows }
}

/** Number of the first line of a file that starts with `beginning`, counted from 1; 1 if there is none. */
const lineOf = (text: string, beginning: string): number =>
  Math.max(1, text.split('\n').findIndex(line => line.trim().startsWith(beginning)) + 1)

const isProblem = (value: object): value is Problem => 'message' in value

interface Story extends StoryParts {
  row: DraftRow
  /** The time of its correction, or of its first publication if it has none. */
  now: number
}

/** Dates as an import has them. */
function dated(value: unknown): unknown {
  if (value instanceof Date) return date(value.getTime())
  if (Array.isArray(value)) return value.map(dated)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, dated(field)]))
}

/** The rows of `articles` that publishing makes from the drafts. Search terms and 相关阅读 depend on all stories. */
function publishedRows(stories: readonly Story[]): object[] {
  const counts = countPairs(stories.map(({ draft, body }) => storyTextOf(draft, body)))
  const composed = stories.map(story => {
    const made = composeStory(story, counts)
    if (!made.ok) throw new ManuscriptError(made.problems.join('\n'))
    return { ...story, content: made.content }
  })
  const neighbours = composed.map(({ row, draft, topic, content: { terms } }) => ({
    ...draft,
    id: storyIdOf(row._id),
    terms,
    publishedAt: draft.publishAt ?? 0,
    topic: topic ?? undefined,
  }))
  return composed.map(({ row, now, draft, content }, i) => {
    const published = storyRow(content, draft, null, now)
    const publishedAt = published.publishedAt.getTime()
    const place = { id: row._id, before: null, claims: [], publishedAt, now }
    const self = neighbours[i]
    return {
      _id: storyIdOf(row._id),
      state: 'published',
      version: 1,
      draft: row._id,
      digest: storyDigest(content, draft, published.publishedAt),
      ...(dated({ ...published, ...placeStory(draft, place).fields }) as object),
      related: self ? chooseRelated(self, neighbours) : [],
    }
  })
}

/** A row as publishing writes it for readers. */
const publishedEntry = (row: string, content: Record<string, unknown>): object => ({
  _id: row,
  ...(dated(content) as object),
  state: 'published',
  version: 1,
  row,
  digest: entryDigest(content),
})

/** Checks a row as its editor would. For a sample, a reminder is a problem too. */
function checked(row: DraftRow, sample: SampleDraft, topic: Story['topic']): Story | Problem[] {
  const published = readTime(row.publishAt, 0)
  const corrected = readTime(sample.correctedAt, 0)
  const problems = (messages: readonly string[]): Problem[] =>
    messages.map(message => ({ line: sample.lineOf(fieldOf(message)), message }))
  if (corrected === undefined)
    return [{ line: sample.lineOf('correction'), message: 'corrected：请写成北京时间，如 2026-11-20 09:30' }]
  const now = corrected ?? published ?? 0
  const read = readDraft(row, now)
  if (!read.ok) return problems([...read.problems, ...read.reminders])
  const { draft } = read
  const parsed = parseBody(draft.body)
  const pictures = new Map(
    [draft.cover, ...picturesOf(parsed)].flatMap(address => {
      const picture = ownPicture(address)
      return picture ? [[address, { ...picture, bytes: null }] as const] : []
    }),
  )
  const linked = parsed.stories().map(slug => [slug, { id: storyIdOf(slug), isLost: false }] as const)
  const body = readDraftBody(parsed, pictures, new Map(linked))
  const inBody = [...body.problems, ...body.reminders].map(
    ({ line, message }): Problem => ({
      line: sample.lineOf('body', line),
      message,
    }),
  )
  if (inBody.length > 0) return inBody
  const parts = { draft, body, cover: pictures.get(draft.cover) ?? null, topic }
  const made = composeStory(parts, countPairs([]))
  const told = [...read.reminders, ...made.reminders, ...(made.ok ? [] : made.problems)]
  return told.length > 0 ? problems(told) : { row, ...parts, now }
}

/** The editors' rows, and what publishing makes of them. */
interface SampleRows {
  drafts: object[]
  articles: object[]
  topics: object[]
  publishedTopics: object[]
  polls: object[]
  publishedPolls: object[]
}

/** Reads the rows of the manuscripts, topics and polls under `source`. @throws ManuscriptError naming every problem */
async function readRows(
  source: string,
  files: readonly string[],
  drawings: ReadonlyMap<string, Drawing>,
): Promise<SampleRows> {
  const manuscripts = files.filter(file => file.endsWith('.md') && file.includes(path.sep))
  const sheetsIn = (folder: string): string[] =>
    files.filter(file => file.startsWith(`${folder}${path.sep}`) && file.endsWith('.yaml'))
  const slugs = new Set(manuscripts.map(file => path.basename(file, '.md')))
  const references: References = {
    picture: name => {
      const drawing = drawings.get(name)
      return drawing ? addressOf(drawing) : null
    },
    hasStory: slug => slugs.has(slug),
  }
  const problems: string[] = []
  const complain = (file: string, found: readonly Problem[]): void => {
    problems.push(...found.map(({ line, message }) => `${path.join(source, file)}:${line} ${message}`))
  }

  const pollFiles = sheetsIn('polls')
  const owners = new Map<string, PollOwner | null>(
    pollFiles.map(file => [path.basename(file, '.yaml'), null]),
  )
  const claim = (file: string, poll: string | undefined, owner: PollOwner, line: number): void => {
    const problem = poll === undefined ? null : claimPoll(owners, poll, owner, line)
    if (problem) complain(file, [problem])
  }

  const topics: object[] = []
  const publishedTopics: object[] = []
  const sheetOf = new Map<string, TopicSheet>()
  const topicOf = new Map<string, string>()
  for (const file of sheetsIn('topics')) {
    const slug = path.basename(file, '.yaml')
    const text = await readFile(path.join(source, file), 'utf8')
    const sheet = readTopicSheet(text)
    if (Array.isArray(sheet)) {
      complain(file, sheet)
      continue
    }
    sheetOf.set(slug, sheet)
    const { cover: _, coverAlt: __, stories = [], ...meta } = sheet
    for (const story of stories) {
      if (!slugs.has(story)) {
        const line = lineOf(text, `- ${story}`)
        complain(file, [{ line, message: `stories：没有这篇文章：${story}` }])
      }
      // A story in several topics belongs to the one that it names, else to the first that lists it.
      if (!topicOf.has(story)) topicOf.set(story, slug)
    }
    claim(file, sheet.poll, { topicId: sampleTopicId(slug) }, lineOf(text, 'poll:'))
    const cover = coverOf(sheet, drawings)
    if (isProblem(cover)) complain(file, [cover])
    const row = {
      _id: sampleTopicId(slug),
      status: '待发布',
      ...meta,
      ...cover,
      ...(stories.length > 0 ? { stories: stories.map(story => storyIdOf(story)) } : {}),
    }
    topics.push({ ...row, publishedAt: date(meta.publishedAt) })
    const read = readTopicRow(row, meta.publishedAt)
    if (!read.ok) {
      complain(
        file,
        read.problems.map(message => ({ line: 1, message })),
      )
      continue
    }
    const picture = ownPicture(read.entry.cover)
    const made = composeTopic(read.entry, picture && { ...picture, bytes: null })
    const told = [...read.reminders, ...made.reminders, ...made.problems]
    complain(
      file,
      told.map(message => ({ line: 1, message })),
    )
    if (made.content) publishedTopics.push(publishedEntry(row._id, made.content))
  }

  const stories: Story[] = []
  for (const file of manuscripts) {
    const slug = path.basename(file, '.md')
    const sample = readSampleDraft(await readFile(path.join(source, file), 'utf8'), slug, references)
    if (Array.isArray(sample)) {
      complain(file, sample)
      continue
    }
    const named = sample.topic ?? topicOf.get(slug)
    const sheet = named === undefined ? undefined : sheetOf.get(named)
    const topic = named !== undefined && sheet ? { id: sampleTopicId(named), title: sheet.title } : null
    if (named !== undefined && !topic)
      complain(file, [{ line: sample.lineOf('topic'), message: `topic：没有这个专题：${named}` }])
    claim(file, sample.poll, { articleId: storyIdOf(slug) }, sample.lineOf('poll'))
    const row: DraftRow = { ...sample.row, ...(topic ? { topic: topic.id } : {}) }
    const story = checked(row, sample, topic)
    if (Array.isArray(story)) complain(file, story)
    else stories.push(story)
  }

  const polls: object[] = []
  const publishedPolls: object[] = []
  for (const file of pollFiles) {
    const name = path.basename(file, '.yaml')
    const sheet = readPollSheet(await readFile(path.join(source, file), 'utf8'))
    const owner = owners.get(name)
    if (Array.isArray(sheet)) complain(file, sheet)
    else if (!owner) complain(file, [{ line: 1, message: '没有文章或专题用到这个云投' }])
    else {
      const row = pollRow(name, sheet, drawings)
      if (isProblem(row)) {
        complain(file, [row])
        continue
      }
      polls.push(row)
      const read = readPollRow(row, 0)
      const pictures = new Map(
        (read.ok ? read.entry.options : []).flatMap(({ picture: address }) => {
          const picture = ownPicture(address)
          return picture ? [[address, { ...picture, bytes: null }] as const] : []
        }),
      )
      const made = read.ok ? composePoll(read.entry, pictures) : { ...read, content: null }
      complain(
        file,
        made.problems.map(message => ({ line: 1, message })),
      )
      const place = { articleId: '', topicId: '', ...owner }
      if (made.content) publishedPolls.push(publishedEntry(name, { ...made.content, ...place }))
    }
  }
  if (problems.length > 0) throw new ManuscriptError(problems.join('\n'))
  return {
    drafts: stories.map(({ row }) => row),
    articles: publishedRows(stories),
    topics,
    publishedTopics,
    polls,
    publishedPolls,
  }
}

/**
 * Builds all sample stories, topics and polls into `output`.
 * @throws ManuscriptError naming file and line of every problem
 */
export async function buildStories(
  source: string,
  output: string,
): Promise<{ stories: number; topics: number; polls: number }> {
  const files = (await readdir(source, { recursive: true })).sort()
  const drawings = await drawingsIn(source, files)
  const rows = await readRows(source, files, drawings)

  const pictures = path.join(output, 'pictures')
  await mkdir(pictures, { recursive: true })
  const glyphs = readGlyphs()
  await Promise.all([...drawings.values()].map(drawing => rasterise(drawing, glyphs, pictures)))
  const write = (name: string, list: readonly object[]): Promise<void> =>
    writeFile(path.join(output, `${name}.jsonl`), list.map(row => `${JSON.stringify(row)}\n`).join(''))
  await write('drafts', rows.drafts)
  await write('articles', rows.articles)
  for (const table of ['topics', 'publishedTopics', 'polls', 'publishedPolls'] as const)
    await write(table, rows[table])
  return { stories: rows.drafts.length, topics: rows.topics.length, polls: rows.polls.length }
}
