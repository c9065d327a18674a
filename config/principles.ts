import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { Block } from '#contract/article'
import { parseBody } from '#shared/publishing/body/read-body'

const file = 'src/principles.md'

/**
 * The blocks of a Markdown text on the adopter's principles. It may have headings, paragraphs, lists, quotes and tables;
 * pictures, links to stories and whatever an editor would be told about are errors with a line. `name` is the file's.
 */
export function principlesOf(markdown: string, name = file): Block[] {
  const { blocks, problems, reminders } = parseBody(markdown).toBlocks({
    picture: () => null,
    story: () => null,
  })
  const faults = [
    ...problems.map(({ place, message }) => ({ line: place.line, message })),
    ...reminders,
    ...(blocks.length === 0 ? [{ line: 1, message: '没有内容' }] : []),
  ]
  if (faults.length > 0)
    throw new Error(faults.map(({ line, message }) => `${name}:${line}: ${message}`).join('\n'))
  return blocks
}

/** The principles of this repository, as the build writes them into the page: JSON. */
export const readPrinciples = (): string =>
  JSON.stringify(principlesOf(readFileSync(path.resolve(__dirname, '..', file), 'utf8')))
