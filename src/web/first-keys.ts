import type { Mood } from '#contract/mood'
import type { RankingSpan } from '#contract/ranking'
import { channelList } from '#features/feed/channel-list'
import { homeList } from '#features/feed/home-list'
import { pollKey } from '#features/polls/use-poll'
import { rankingList } from '#features/ranking/ranking-list'
import { storyKey } from '#features/reading/use-story'
import { searchList } from '#features/search/search-list'
import { topicList } from '#features/topics/topic-list'
import { previewKey } from '../more/preview/use-preview'

/** Keys of the replies embedded in a document: the same keys as in the pages' own lists and queries. */
export const firstKeys = {
  home: homeList.key,
  story: storyKey,
  poll: pollKey,
  preview: previewKey,
  channel: (channel: string, column: string): string => channelList(channel, column).key,
  topic: (id: string): string => topicList(id).key,
  ranking: (mood: Mood, span: RankingSpan): string => rankingList(mood, span).key,
  search: (query: string): string => searchList(query).key,
}
