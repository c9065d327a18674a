import { call } from '#cloud/call'
import type { ListSource } from '#cloud/list'
import type { Teaser } from '#contract/article'
import type { OutputOf } from '#contract/endpoint'
import { readFeed } from '#contract/feed'
import { readHome } from '#contract/home'

/** The lists below a story: one call returns 视觉焦点, 独家策划 and 推荐阅读, without the story itself. */
export function moreList(id: string): ListSource<Teaser, OutputOf<typeof readHome>> {
  return {
    key: `under:${id}`,
    first: () => call(readHome, { without: id }),
    pageOf: home => home.feed,
    more: cursor => call(readFeed, { cursor }),
  }
}
