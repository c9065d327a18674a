import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import sharp from 'sharp'
import type { Block } from '#contract/article'
import { chooseRelated } from '#shared/publishing/choose-related'
import { type References, readManuscript } from '#shared/publishing/manuscript'
import { type PollSheet, readPollSheet } from '#shared/publishing/poll-sheet'
import type { Problem } from '#shared/publishing/read-fields'
import { countPairs, termsOf } from '#shared/publishing/story-terms'
import { storyTokens } from '#shared/publishing/tokens'
import { readTopicSheet, type TopicSheet } from '#shared/publishing/topic-sheet'
import { drawLabels, readGlyphs } from './draw-labels'
import { sampleStoryId, sampleTopicId } from './sample-ids'

/**
 * Converts the manuscripts under stories/ to files that an editor imports: `articles.jsonl`, `topics.jsonl` and
 * `polls.jsonl` for the collections of those names, and the pictures, rasterised from our own drawings. Editors' drafts
 * will use the same converter.
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

const thumbOf = (src: string): string => src.replace(/\.jpg$/, '-s.jpg')

const date = (instant: number) => ({ $date: new Date(instant).toISOString() })

/** The field `cover` of a row. A problem if the drawing does not exist. */
function coverOf(
  { cover, coverAlt }: { cover?: string | undefined; coverAlt?: string | undefined },
  references: References,
): { cover?: object } | Problem {
  if (cover === undefined) return {}
  const picture = references.picture(cover)
  if (!picture) return { line: 1, message: `找不到题图：${cover}` }
  return { cover: { ...picture, alt: coverAlt, thumb: thumbOf(picture.src) } }
}

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
  owner: PollOwner,
  drawings: ReadonlyMap<string, Drawing>,
): object | Problem {
  const rows: object[] = []
  for (const { picture, alt, ...option } of options) {
    const drawing = picture === undefined ? undefined : drawings.get(picture)
    if (picture !== undefined && !drawing) return { line: 1, message: `options：找不到图片：${picture}` }
    rows.push(drawing ? { ...option, picture: { src: thumbOf(drawing.src), ...thumb, alt } } : option)
  }
  return { _id: name, ...sheet, ...owner, options: rows }
}

/** Number of the first line of a file that starts with `beginning`, counted from 1; 1 if there is none. */
const lineOf = (text: string, beginning: string): number =>
  Math.max(1, text.split('\n').findIndex(line => line.trim().startsWith(beginning)) + 1)

const isProblem = (value: object): value is Problem => 'message' in value

interface StoryRow {
  _id: string
  title: string
  teaser: string
  tags: string[]
  channel: string
  column: string
  publishedAt: { $date: string }
  topic?: { id: string; title: string }
  blocks: Block[]
  [field: string]: unknown
}

/** Adds search terms and related stories to the rows. Both depend on all stories. */
function withNeighbours(rows: readonly StoryRow[]): object[] {
  const counts = countPairs(rows)
  const neighbours = rows.map(row => ({
    ...row,
    id: row._id,
    publishedAt: Date.parse(row.publishedAt.$date),
  }))
  return rows.map((row, i) => {
    const terms = termsOf(row, counts)
    const story = neighbours[i]
    return {
      ...row,
      terms,
      tokens: storyTokens(row, terms),
      related: story ? chooseRelated(story, neighbours, counts) : [],
    }
  })
}

/** Reads the rows of the manuscripts, topics and polls under `source`. @throws ManuscriptError naming every problem */
async function readRows(
  source: string,
  files: readonly string[],
  drawings: ReadonlyMap<string, Drawing>,
): Promise<{ stories: object[]; topics: object[]; polls: object[] }> {
  const manuscripts = files.filter(file => file.endsWith('.md') && file.includes(path.sep))
  const sheetsIn = (folder: string): string[] =>
    files.filter(file => file.startsWith(`${folder}${path.sep}`) && file.endsWith('.yaml'))
  const slugs = new Set(manuscripts.map(file => path.basename(file, '.md')))
  const references: References = {
    picture: name => {
      const drawing = drawings.get(name)
      return drawing ? { src: drawing.src, width: drawing.width, height: drawing.height } : null
    },
    story: slug => (slugs.has(slug) ? sampleStoryId(slug) : null),
  }
  const problems: string[] = []
  const complain = (file: string, found: readonly Problem[]): void => {
    problems.push(...found.map(({ line, message }) => `${path.join(source, file)}:${line} ${message}`))
  }

  const pollFiles = sheetsIn('polls')
  const owners = new Map<string, PollOwner | null>(
    pollFiles.map(file => [path.basename(file, '.yaml'), null]),
  )
  /** Assigns the poll that a file names, if any, to the file's story or topic. */
  const claim = (file: string, text: string, poll: string | undefined, owner: PollOwner): void => {
    if (poll === undefined) return
    const problem = claimPoll(owners, poll, owner, lineOf(text, 'poll:'))
    if (problem) complain(file, [problem])
  }

  const topics: object[] = []
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
    const { cover: _, coverAlt: __, publishedAt, stories = [], ...meta } = sheet
    for (const story of stories) {
      if (!slugs.has(story)) {
        const line = lineOf(text, `- ${story}`)
        complain(file, [{ line, message: `stories：没有这篇文章：${story}` }])
      }
      // A story in several topics belongs to the one that it names, else to the first that lists it.
      if (!topicOf.has(story)) topicOf.set(story, slug)
    }
    claim(file, text, sheet.poll, { topicId: sampleTopicId(slug) })
    const cover = coverOf(sheet, references)
    if (isProblem(cover)) complain(file, [cover])
    topics.push({
      _id: sampleTopicId(slug),
      state: 'published',
      ...meta,
      publishedAt: date(publishedAt),
      ...cover,
      ...(stories.length > 0 ? { stories: stories.map(sampleStoryId) } : {}),
    })
  }

  const stories: StoryRow[] = []
  for (const file of manuscripts) {
    const text = await readFile(path.join(source, file), 'utf8')
    const manuscript = readManuscript(text, references)
    if (!manuscript.ok) {
      complain(file, manuscript.problems)
      continue
    }
    const {
      cover: _,
      coverAlt: __,
      publishedAt,
      corrected,
      facts: ___,
      topic: named,
      ...meta
    } = manuscript.meta
    const slug = path.basename(file, '.md')
    const cover = coverOf(manuscript.meta, references)
    if (isProblem(cover)) complain(file, [cover])
    claim(file, text, manuscript.meta.poll, { articleId: sampleStoryId(slug) })
    const topic = named ?? topicOf.get(slug)
    const sheet = topic === undefined ? undefined : sheetOf.get(topic)
    if (topic !== undefined && !sheet)
      complain(file, [{ line: lineOf(text, 'topic:'), message: `topic：没有这个专题：${topic}` }])
    stories.push({
      _id: sampleStoryId(slug),
      state: 'published',
      version: 1,
      ...meta,
      publishedAt: date(publishedAt),
      ...(corrected ? { corrected: { at: date(corrected.at), reason: corrected.reason } } : {}),
      ...(topic !== undefined && sheet ? { topic: { id: sampleTopicId(topic), title: sheet.title } } : {}),
      ...cover,
      blocks: manuscript.blocks,
    })
  }

  const polls: object[] = []
  for (const file of pollFiles) {
    const name = path.basename(file, '.yaml')
    const sheet = readPollSheet(await readFile(path.join(source, file), 'utf8'))
    const owner = owners.get(name)
    if (Array.isArray(sheet)) complain(file, sheet)
    else if (!owner) complain(file, [{ line: 1, message: '没有文章或专题用到这个云投' }])
    else {
      const row = pollRow(name, sheet, owner, drawings)
      if (isProblem(row)) complain(file, [row])
      else polls.push(row)
    }
  }
  if (problems.length > 0) throw new ManuscriptError(problems.join('\n'))
  return { stories: withNeighbours(stories), topics, polls }
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
  await write('articles', rows.stories)
  await write('topics', rows.topics)
  await write('polls', rows.polls)
  return { stories: rows.stories.length, topics: rows.topics.length, polls: rows.polls.length }
}
