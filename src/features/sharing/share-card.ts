import { storyAddress } from '#contract/addresses'
import { site } from '#site'

/** The part of a story a card shows; absent while the story is still on its way. */
export interface Shared {
  title: string
  cover?: string
}

/**
 * The card in a chat. Complete at once: WeChat waits three seconds for a promise and then takes these values
 * (开放能力/转发). Without `imageUrl` WeChat draws the page itself, which is right for a story without a picture.
 */
export function friendCard(articleId: string, story: Shared | undefined, mark: string) {
  return {
    title: story?.title ?? site.name,
    path: `/pages/article/index?id=${articleId}&mark=${mark}`,
    ...(story?.cover ? { imageUrl: story.cover } : {}),
  }
}

/** The post in Moments: a query and no path (开放能力/分享到朋友圈). */
export function momentsCard(articleId: string, story: Shared | undefined, mark: string) {
  return {
    title: story?.title ?? site.name,
    query: `id=${articleId}&mark=${mark}`,
    ...(story?.cover ? { imageUrl: story.cover } : {}),
  }
}

/** The story's address on the site, which knows none of its own: there it is the browser's. */
export function storyLink(articleId: string, mark: string): string {
  return `${SITE_URL || location.origin}${storyAddress(articleId)}?mark=${mark}`
}
