import { type Article, type Cover, openArticle } from '#contract/article'
import type { OutputOf } from '#contract/endpoint'
import { readTopic } from '#contract/topic'
import { type WebSettings, web } from '#site'
import type { DocumentData } from '../../src/web/document-data'
import { baiduData, channelData, siteData, storyData, topicData } from './structured-data'

/** The story that a document shows. */
export function storyOf({ first }: DocumentData): Article | undefined {
  const found = first.replies.find(({ endpoint }) => endpoint === openArticle.name)
  return found?.reply.ok ? (found.reply.data as OutputOf<typeof openArticle>).article : undefined
}

/** The cover of the story or topic that a document shows. */
export function coverOf(data: DocumentData): Cover | undefined {
  const story = storyOf(data)
  const found = data.first.replies.find(({ endpoint }) => endpoint === readTopic.name)
  return story
    ? story.cover
    : found?.reply.ok
      ? (found.reply.data as OutputOf<typeof readTopic>).topic.cover
      : undefined
}

/** What a document tells search engines as JSON-LD, one element each. `title` is the title of its page. */
export function describedData(
  data: DocumentData,
  title: string,
  settings: WebSettings = web,
): Record<string, unknown>[] {
  const { name, params } = data.page
  const story = storyOf(data)
  if (name === 'article' && story)
    return [storyData(story, settings), ...(settings.baidu ? [baiduData(story)] : [])]
  if (name === 'home') return [siteData(settings)]
  if (name === 'channel') return [channelData(params.channel ?? '', params.column ?? '')]
  return name === 'topic' ? [topicData(params.id ?? '', title)] : []
}
