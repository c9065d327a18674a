import type { LinkedStory } from './linked-stories'
import { labels } from './read-draft'

/**
 * The stories that an editor chose for 相关阅读, in order, and what the editor is told of those that readers do not see.
 * `stories` holds what the names in `related` stand for, `own` is the id of the draft's story.
 */
export function editorsRelated(
  related: readonly string[],
  stories: ReadonlyMap<string, LinkedStory | null>,
  own: string,
): { ids: string[]; problems: string[]; reminders: string[] } {
  const unknown = related.flatMap((name, index) => (stories.get(name) ? [] : [{ name, nth: index + 1 }]))
  const found = related.flatMap(name => stories.get(name) ?? [])
  const lost = related.filter(name => stories.get(name)?.isLost && stories.get(name)?.id !== own)
  const ids = [...new Set(found.map(({ id }) => id))]
  return {
    ids: ids.filter(id => id !== own),
    problems: unknown.map(({ name, nth }) => `${labels.related}：第 ${nth} 条没有找到文章 ${name}，请核对`),
    reminders: [
      ...lost.map(name => `${labels.related}：读者现在看不到 ${name}，暂时不列出，请核对`),
      ...(ids.includes(own) ? [`${labels.related}：写了这篇文章自己，没有列出`] : []),
    ],
  }
}
