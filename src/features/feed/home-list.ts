import { call } from '#cloud/call'
import type { ListSource } from '#cloud/list'
import type { Teaser } from '#contract/article'
import type { OutputOf } from '#contract/endpoint'
import { readFeed } from '#contract/feed'
import { readHome } from '#contract/home'
import { readCached, writeCached } from '#platform/cache'

type Home = OutputOf<typeof readHome>

const key = 'home'

/** The home page: one call returns its head and the first page of 推荐阅读. */
export const homeList: ListSource<Teaser, Home> = {
  key,
  async first() {
    const home = await call(readHome, {})
    writeCached(key, home)
    return home
  },
  pageOf: home => home.feed,
  more: cursor => call(readFeed, { cursor }),
  cached: () => readCached<Home>(key, readHome.output),
}
