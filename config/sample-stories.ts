import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import sharp from 'sharp'
import { type References, readManuscript } from '../cloudfunctions/shared/publishing/manuscript'

/**
 * Turns the manuscripts under stories/ into what an editor imports: `articles.jsonl` for the collection, and the
 * pictures, rasterised from our own drawings. The same converter will take editors' drafts.
 */

const pictureWidth = 1200
/** A list shows 112 × 84 points; three pixels a point is the densest phone. */
const thumb = { width: 336, height: 252 }

/** Thrown with one line a problem: `stories/earth/aurora.md:12 不支持的写法：HTML 标签`. */
export class ManuscriptError extends Error {
  override readonly name = 'ManuscriptError'
}

/** A story's id: ten characters, the same for the same slug, so that a second import finds the first one's rows. */
export function sampleStoryId(slug: string): string {
  const digest = createHash('sha256').update(`story:${slug}`).digest('hex')
  return BigInt(`0x${digest}`).toString(36).slice(0, 10)
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

async function rasterise(drawing: Drawing, output: string): Promise<void> {
  const name = path.join(output, path.basename(drawing.src, '.jpg'))
  const jpeg = { quality: 82, chromaSubsampling: '4:4:4' }
  const full = sharp(drawing.file).resize(pictureWidth).flatten({ background: '#FBFAF7' })
  await full.clone().jpeg(jpeg).toFile(`${name}.jpg`)
  await full.clone().resize(thumb.width, thumb.height, { fit: 'cover' }).jpeg(jpeg).toFile(`${name}-s.jpg`)
}

/** Builds all sample stories into `output`. @throws ManuscriptError naming file and line of every problem */
export async function buildSampleStories(source: string, output: string): Promise<{ stories: number }> {
  const files = (await readdir(source, { recursive: true })).sort()
  const drawings = await drawingsIn(source, files)
  const manuscripts = files.filter(file => file.endsWith('.md') && file.includes(path.sep))
  const slugs = new Set(manuscripts.map(file => path.basename(file, '.md')))
  const references: References = {
    picture: name => {
      const drawing = drawings.get(name)
      return drawing ? { src: drawing.src, width: drawing.width, height: drawing.height } : null
    },
    story: slug => (slugs.has(slug) ? sampleStoryId(slug) : null),
  }

  const problems: string[] = []
  const rows: object[] = []
  for (const file of manuscripts) {
    const where = path.join(source, file)
    const manuscript = readManuscript(await readFile(where, 'utf8'), references)
    if (!manuscript.ok) {
      problems.push(...manuscript.problems.map(({ line, message }) => `${where}:${line} ${message}`))
      continue
    }
    const { cover, coverAlt, publishedAt, corrected, facts: _facts, ...meta } = manuscript.meta
    const picture = cover === undefined ? null : references.picture(cover)
    if (cover !== undefined && !picture) problems.push(`${where}:1 找不到题图：${cover}`)
    rows.push({
      _id: sampleStoryId(path.basename(file, '.md')),
      state: 'published',
      version: 1,
      ...meta,
      publishedAt: { $date: new Date(publishedAt).toISOString() },
      ...(corrected
        ? { corrected: { at: { $date: new Date(corrected.at).toISOString() }, reason: corrected.reason } }
        : {}),
      ...(picture
        ? { cover: { ...picture, alt: coverAlt, thumb: picture.src.replace(/\.jpg$/, '-s.jpg') } }
        : {}),
      blocks: manuscript.blocks,
    })
  }
  if (problems.length > 0) throw new ManuscriptError(problems.join('\n'))

  const pictures = path.join(output, 'pictures')
  await mkdir(pictures, { recursive: true })
  await Promise.all([...drawings.values()].map(drawing => rasterise(drawing, pictures)))
  await writeFile(path.join(output, 'articles.jsonl'), rows.map(row => `${JSON.stringify(row)}\n`).join(''))
  return { stories: rows.length }
}
