import { storyAddress } from '#contract/addresses'
import { site } from '#site'

/** The part of a story that a card shows; absent while the story is loading. */
export interface Shared {
  title: string
  cover?: string
}

/**
 * The card in a chat. All values are present at once: WeChat waits only three seconds for a promise, then uses these
 * values (开放能力/转发). Without `imageUrl` WeChat uses a screenshot of the page, which suits a story without a picture.
 */
export function friendCard(articleId: string, story: Shared | undefined, mark: string) {
  return {
    title: story?.title ?? site.name,
    path: `/pages/article/index?id=${articleId}&mark=${mark}`,
    ...(story?.cover ? { imageUrl: story.cover } : {}),
  }
}

/** The post in Moments: a query without a path (开放能力/分享到朋友圈). */
export function momentsCard(articleId: string, story: Shared | undefined, mark: string) {
  return {
    title: story?.title ?? site.name,
    query: `id=${articleId}&mark=${mark}`,
    ...(story?.cover ? { imageUrl: story.cover } : {}),
  }
}

/** The story's address on the site. If SITE_URL is empty, as in the web build, uses the browser's origin. */
export function storyLink(articleId: string, mark: string): string {
  return `${SITE_URL || location.origin}${storyAddress(articleId)}?mark=${mark}`
}
