import type { Block } from '#contract/article'
import { parseBody } from './body/read-body'
import type { References } from './body/to-blocks'
import { FrontMatter } from './front-matter'
import { type Problem, readFields } from './read-fields'

export type { References } from './body/to-blocks'

export type Manuscript = { ok: true; meta: FrontMatter; blocks: Block[] } | { ok: false; problems: Problem[] }

const frontMatter = /^---[ \t]*\n(?:([\s\S]*?)\n)??---[ \t]*(?:\n|$)/

/**
 * Reads a sample story: Markdown with YAML front matter. It is stricter than an editor's draft: what the converter
 * would leave out or change is a problem here. Reports all problems together.
 */
export function readManuscript(source: string, references: References): Manuscript {
  const text = source.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n')
  const [front = '', fields] = frontMatter.exec(text) ?? []
  const meta: FrontMatter | Problem[] =
    front === ''
      ? [{ line: 1, message: '文稿开头缺少用 --- 围起来的信息' }]
      : readFields(fields ?? '', 2, FrontMatter)
  // The lines keep their numbers.
  const body = front.replace(/[^\n]+/g, '') + text.slice(front.length)
  const { blocks, faults } = parseBody(body, 'markdown').toBlocksStrictly(references)
  const problems = [
    ...(Array.isArray(meta) ? meta : []),
    ...faults.map(({ line, message }): Problem => ({ line, message })),
  ]
  if (blocks.length === 0) problems.push({ line: 1, message: '文稿没有正文' })
  if (Array.isArray(meta) || problems.length > 0) return { ok: false, problems }
  return { ok: true, meta, blocks }
}
