import type { Article } from '#contract/article'
import { channelOf, type WebSettings } from '#site'
import { isoTime } from '../shared/beijing-time'

export type Meta = readonly [kind: 'name' | 'property', key: string, content: string]

/** When a story last changed: its latest correction, else its publication. */
export const changedAt = ({ publishedAt, corrected }: Pick<Article, 'publishedAt' | 'corrected'>): number =>
  Math.max(publishedAt, corrected?.at ?? 0)

/** Metas of a story for links that are shared, and for Toutiao's search if the site has it switched on. */
export function storyMetas(story: Article, { toutiao }: Pick<WebSettings, 'toutiao'>): Meta[] {
  const [published, changed] = [isoTime(story.publishedAt), isoTime(changedAt(story))]
  const section = channelOf(story.channel)?.label
  return [
    ['property', 'article:published_time', published],
    ['property', 'article:modified_time', changed],
    ...(section ? [['property', 'article:section', section] as const] : []),
    ...story.tags.map(tag => ['property', 'article:tag', tag] as const),
    ...(toutiao
      ? [
          ['property', 'bytedance:published_time', published] as const,
          ['property', 'bytedance:lrDate_time', changed] as const,
          ['property', 'bytedance:updated_time', changed] as const,
        ]
      : []),
  ]
}
