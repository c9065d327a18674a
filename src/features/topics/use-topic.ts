import { useState } from 'react'
import * as v from 'valibot'
import { CallFailed, call } from '#cloud/call'
import { usePages } from '#cloud/use-pages'
import type { Teaser } from '#contract/article'
import { TopicId } from '#contract/ids'
import type { PollState } from '#contract/poll'
import { readTopic, type Topic } from '#contract/topic'

/** A topic and its stories, page by page; one call brings the topic, its poll and the first page. */
export function useTopic(id: string) {
  const [topic, setTopic] = useState<Topic>()
  const [poll, setPoll] = useState<PollState>()
  const list = usePages<Teaser>(id, async cursor => {
    if (!v.is(TopicId, id)) throw new CallFailed('not-found', 'no such id')
    const page = await call(readTopic, { topicId: id, ...(cursor === undefined ? {} : { cursor }) })
    setTopic(page.topic)
    if (cursor === undefined) setPoll(page.poll)
    return page
  })
  return { topic, poll, ...list }
}
