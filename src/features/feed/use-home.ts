import { useRef, useState } from 'react'
import { readCached, writeCached } from '#cloud/cache'
import { call } from '#cloud/call'
import { usePages } from '#cloud/use-pages'
import type { Teaser } from '#contract/article'
import type { OutputOf } from '#contract/endpoint'
import { readFeed } from '#contract/feed'
import { readHome } from '#contract/home'

type Home = OutputOf<typeof readHome>
export type HomeHead = Pick<Home, 'focus' | 'topics'>

const key = 'home'

/**
 * The home page: its head and the first page of 推荐阅读 come in one call, further pages by themselves. What was shown
 * last time stands in while the cloud is slow or away.
 */
export function useHome() {
  const [head, setHead] = useState<HomeHead>({ focus: [], topics: [] })
  const fromCloud = useRef(false)

  const list = usePages<Teaser>(
    key,
    async cursor => {
      if (cursor !== undefined) return call(readFeed, { cursor })
      const home = await call(readHome, {})
      fromCloud.current = true
      setHead({ focus: home.focus, topics: home.topics })
      writeCached(key, home)
      return home.feed
    },
    () => {
      const kept = readCached<Home>(key, readHome.output)
      if (!kept) return undefined
      if (!fromCloud.current) setHead({ focus: kept.value.focus, topics: kept.value.topics })
      return { items: kept.value.feed.items, at: kept.at }
    },
  )
  return { head, ...list }
}
