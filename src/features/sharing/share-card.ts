import { storyAddress } from '#contract/addresses'
import type { Picture } from '#contract/article'
import { pictureUrl } from '#platform/picture'
import { siteAddress } from '#platform/site-address'
import { site } from '#site'

/** The part of a story that a card shows. A list does not have all of it. */
export interface Shared {
  title: string
  source?: string | undefined
  cover?: Picture | undefined
  shareCover?: Picture | undefined
}

/**
 * Title and picture of a card. All values are present at once: WeChat waits only three seconds for a promise, then uses
 * these values (开放能力/转发). While the story is unknown they are the site's.
 */
function wordsOf(story: Shared | undefined) {
  const imageUrl = pictureUrl((story?.shareCover ?? story?.cover)?.src ?? site.picture)
  return {
    title: story ? story.title + (story.source ? `（${story.source}）` : '') : site.name,
    // Without a site WeChat would look for a path in the package, and find nothing. Without a picture it shows the page.
    ...(imageUrl.includes(':') ? { imageUrl } : {}),
  }
}

const queryOf = (articleId: string, mark: string): string => `id=${articleId}&mark=${mark}`

/** The card in a chat; WeChat shows its picture 5:4. */
export const friendCard = (articleId: string, story: Shared | undefined, mark: string) => ({
  ...wordsOf(story),
  path: `/pages/article/index?${queryOf(articleId, mark)}`,
})

/** The post in Moments, or a favourite: a query without a path (开放能力/分享到朋友圈). The picture is shown 1:1. */
export const momentsCard = (articleId: string, story: Shared | undefined, mark: string) => ({
  ...wordsOf(story),
  query: queryOf(articleId, mark),
})

/** The card of a page that is no story. */
export const siteCard = (path: string, title: string, cover?: Picture) => ({
  ...wordsOf({ title, cover }),
  path,
})

/** The story's address on the site. */
export function storyLink(articleId: string, mark: string): string {
  return `${siteAddress()}${storyAddress(articleId)}?mark=${mark}`
}
