import * as v from 'valibot'
import { openArticle } from '#contract/article'
import type { Endpoint } from '#contract/endpoint'
import { readFeed } from '#contract/feed'
import { readHome } from '#contract/home'
import { readPoll } from '#contract/poll'
import { readRanking } from '#contract/ranking'
import { search } from '#contract/search'
import { readTopic } from '#contract/topic'
import type { FirstReply } from './document-data'

const endpoints: readonly Endpoint[] = [
  openArticle,
  readHome,
  readFeed,
  readPoll,
  readRanking,
  search,
  readTopic,
]

/** Whether a reply embedded in the document fits its contract. The page requests a reply again that does not. */
export function checkReplies({ endpoint, reply }: FirstReply): boolean {
  if (!reply.ok) return true
  const known = endpoints.find(({ name }) => name === endpoint)
  return known !== undefined && v.is(known.output, reply.data)
}
