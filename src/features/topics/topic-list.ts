import * as v from 'valibot'
import { CallFailed, call } from '#cloud/call'
import type { ListSource } from '#cloud/list'
import type { Teaser } from '#contract/article'
import type { OutputOf } from '#contract/endpoint'
import { TopicId } from '#contract/ids'
import { readTopic } from '#contract/topic'

/** A topic's stories. The first reply contains the topic and its poll. A malformed id fails without a call. */
export function topicList(id: string): ListSource<Teaser, OutputOf<typeof readTopic>> {
  const ask = async (cursor?: string) => {
    if (!v.is(TopicId, id)) throw new CallFailed('not-found', 'no such id')
    return call(readTopic, { topicId: id, ...(cursor && { cursor }) })
  }
  return { key: `topic:${id}`, first: ask, pageOf: page => page, more: ask }
}
