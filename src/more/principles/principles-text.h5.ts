import * as v from 'valibot'
import { Block } from '#contract/article'
import { pageParameter } from '#platform/web-page'

const Text = v.array(Block)

/** Web version of principles-text.ts: the document brings the text, so that the script of all pages does not. */
export function principlesText(): readonly Block[] {
  const text = pageParameter('text')
  return text ? v.parse(Text, JSON.parse(text)) : []
}
