import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Block, Span } from '#contract/article'
import { parseBody } from '#shared/publishing/body/read-body'
import { ownPicture } from '#shared/publishing/pictures/own-picture'
import { readDraft } from '#shared/publishing/read-draft'
import { picturesOf, readDraftBody } from '#shared/publishing/read-draft-body'
import { storyIdOf } from '#shared/publishing/story-id-of'
import { channels } from '#site'
import { readSampleDraft } from '../../../stories/build/sample-draft'

const folder = path.resolve(__dirname, '../../../stories')
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter(file => file.endsWith('.md') && file.includes(path.sep))
  .sort()
const textOf = (spans: readonly Span[]): string =>
  spans.map(span => (typeof span === 'string' ? span : span.text)).join('')

function wordsOf(block: Block): string {
  switch (block.type) {
    case 'paragraph':
    case 'quote':
      return textOf(block.spans)
    case 'list':
      return block.items.map(textOf).join('')
    case 'table':
      return [block.head, ...block.rows].flat().join('')
    case 'heading':
    case 'code':
      return block.text
    case 'picture':
      return ''
  }
}

const problems: string[] = []
const stories = files.flatMap(file => {
  const sample = readSampleDraft(readFileSync(path.join(folder, file), 'utf8'), path.basename(file, '.md'), {
    picture: name =>
      existsSync(path.join(folder, path.dirname(file), name)) ? `/pictures/${name}#1200x800` : null,
    hasStory: slug => files.some(other => path.basename(other, '.md') === slug),
  })
  if (Array.isArray(sample)) {
    problems.push(...sample.map(({ line, message }) => `${file}:${line} ${message}`))
    return []
  }
  const read = readDraft(sample.row, 0)
  const parsed = parseBody(sample.row.body)
  const pictures = picturesOf(parsed).flatMap(address => {
    const picture = ownPicture(address)
    return picture ? [[address, { ...picture, bytes: null }] as const] : []
  })
  const linked = parsed.stories().map(slug => [slug, { id: storyIdOf(slug), isLost: false }] as const)
  const body = readDraftBody(parsed, new Map(pictures), new Map(linked))
  const told = [...body.problems, ...body.reminders].map(({ message }) => message)
  problems.push(
    ...[...(read.ok ? [] : read.problems), ...read.reminders, ...told].map(message => `${file} ${message}`),
  )
  return read.ok ? [{ file, meta: read.draft, blocks: body.blocks }] : []
})

describe('the sample stories', () => {
  test('are drafts with neither a problem nor a reminder: every picture exists, and every link leads to a story', () => {
    expect(problems).toEqual([])
  })

  test('are at least 36, in four channels, each with two or three columns', () => {
    expect(stories.length).toBeGreaterThanOrEqual(36)
    const used = new Map<string, Set<string>>()
    for (const { meta } of stories) {
      used.set(meta.channel, (used.get(meta.channel) ?? new Set()).add(meta.column))
    }
    expect([...used.keys()].sort()).toEqual(Object.keys(channels).sort())
    for (const columns of used.values()) expect([2, 3]).toContain(columns.size)
  })

  test('have 300 to 2,500 Chinese characters each', () => {
    const lengths = stories.map(({ file, blocks }) => {
      const characters = blocks
        .map(wordsOf)
        .join('')
        .match(/\p{Script=Han}/gu)
      return { file, length: characters?.length ?? 0 }
    })
    expect(lengths.filter(({ length }) => length < 300 || length > 2500)).toEqual([])
  })

  test('name the sources of their facts', () => {
    for (const { meta } of stories) expect(meta.facts.join('').length).toBeGreaterThan(8)
  })

  test('have unique titles, file names and times', () => {
    expect(new Set(stories.map(({ meta }) => meta.title)).size).toBe(stories.length)
    expect(new Set(stories.map(({ meta }) => meta.publishAt)).size).toBe(stories.length)
    // An id is made from the file's name only.
    expect(new Set(files.map(file => path.basename(file))).size).toBe(files.length)
  })

  test('have drawings with unique names, because the build puts all pictures in one folder', () => {
    const drawings = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter(file => file.endsWith('.svg'))
      .map(file => path.basename(file))
    expect(new Set(drawings).size).toBe(drawings.length)
  })

  test('do not repeat what a reader found to be wrong', () => {
    for (const [name, wrong, right] of [
      ['why-onions-make-us-cry', /下风处切/, /上风处切/],
      ['how-a-fridge-moves-heat', /酒精和皮肤一样暖/, /酒精并不比屋里的空气更冷/],
      // The air has a millionth of its density at about 95 km, and more below.
      ['why-aurora-is-green', /不到百万分之一/, /百万分之一上下/],
      ['venus-flytrap-counts', /二十秒内/, /20到30秒内/],
      ['why-bread-crust-turns-golden', /一座缸/, /美拉德反应/],
      ['soap-bubble-colours', /走的路差/, /光程差/],
      ['laser-cooling-atoms', /几厘米每秒/, /每秒几厘米/],
      // Lists show the teaser without the picture.
      ['blind-spot', /^teaser: .*(上图|下图|这张图)/m, /^teaser: .*文中的一张小图/m],
    ] as const) {
      const file = files.find(one => path.basename(one, '.md') === name) ?? name
      const text = readFileSync(path.join(folder, file), 'utf8')
      expect({ name, wrong: wrong.test(text), right: right.test(text) }).toEqual({
        name,
        wrong: false,
        right: true,
      })
    }
  })

  test('have a label in every diagram, save the one whose picture must hold nothing else', () => {
    const bare = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
      file => /-\d\.svg$/.test(file) && !readFileSync(path.join(folder, file), 'utf8').includes('<text'),
    )
    expect(bare.map(file => path.basename(file))).toEqual(['blind-spot-2.svg'])
  })

  test('use one name for each unit, in text and in pictures', () => {
    const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(file =>
      /\.(md|yaml|svg)$/.test(file),
    )
    const otherNames = sources.flatMap(file => {
      const found = readFileSync(path.join(folder, file), 'utf8').match(/公里|公斤|℃/g) ?? []
      return found.map(name => `${file}: ${name}`)
    })
    expect(otherNames).toEqual([])
  })
})
