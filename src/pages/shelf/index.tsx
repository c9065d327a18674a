import { Text, View } from '@tarojs/components'
import { useDidShow, useShareAppMessage } from '@tarojs/taro'
import { useState } from 'react'
import { Icon } from '#components/Icon'
import { Link } from '#components/Link'
import { Part } from '#components/Part'
import { Segments } from '#components/Segments'
import { StateView } from '#components/StateView'
import { FeedItem } from '#features/feed/FeedItem.tsx'
import { openStory } from '#features/reading/open-story'
import { clearPlaces } from '#features/reading/reading-place'
import { cachedStoryIds, pinCachedStories } from '#features/reading/story-cache'
import { siteCard } from '#features/sharing/share-card'
import { ReadingSettings } from '#features/shelf/ReadingSettings.tsx'
import {
  clearFavourites,
  clearHistory,
  listFavourites,
  listHistory,
  type Shelved,
} from '#features/shelf/shelf-store'
import { clearCache } from '#platform/cache'
import { confirm } from '#platform/confirm'
import { useLook } from '#platform/look'
import { aboutUrl, tabs } from '#platform/navigate'
import { useTabRetap } from '#platform/tab-retap'
import { useStored } from '#platform/use-stored'
import { site } from '#site'
import { Waiting } from './Waiting'
import './index.scss'

const lists = [
  ['favourites', '收藏'],
  ['history', '看过'],
] as const
type List = (typeof lists)[number][0]

const empty = {
  favourites: { title: '还没有收藏', hint: '在文章底部点「收藏」，它就会放到这里' },
  history: { title: '还没有看过的文章', hint: '读过的文章会留在这里，没有网络时也能再读' },
} as const

/** Number of rows drawn at first, and added per tap: a long shelf has too many nodes for a WeChat page. */
const step = 30

interface Shelf {
  favourites: Shelved[]
  history: Shelved[]
  /** Ids of the stories that can be read without network. */
  cached: Set<string>
  at: number
}

const readShelf = (): Shelf => ({
  favourites: listFavourites(),
  history: listHistory(),
  cached: cachedStoryIds(),
  at: Date.now(),
})

export default function ShelfPage() {
  const look = useLook('shelf')
  // The shelf is the reader's own: the card leads to the stories.
  useShareAppMessage(() => siteCard(tabs.home, site.name))
  const [list, setList] = useState<List>('favourites')
  const [most, setMost] = useState(step)
  const [shelf, setShelf] = useStored<Shelf | undefined>(readShelf, undefined)
  // Other pages change the shelf, so read it again whenever it is shown.
  useDidShow(() => setShelf(readShelf()))
  useTabRetap(() => {
    setShelf(readShelf())
  })

  const items = shelf?.[list] ?? []
  const clear = async () => {
    const name = list === 'favourites' ? '全部收藏' : '全部阅读记录和离线内容'
    const confirmed = await confirm({
      title: `清空${name}？`,
      content: '只清除这台设备上的内容，清空后不能恢复。',
      confirmText: '清空',
    })
    if (!confirmed) return
    if (list === 'favourites') {
      clearFavourites()
      pinCachedStories([])
    } else {
      clearHistory()
      clearPlaces()
      clearCache()
    }
    setShelf(readShelf())
  }

  return (
    <View {...look}>
      <View className="shelf-column">
        <Segments
          label="书架"
          options={lists}
          chosen={list}
          onChoose={key => {
            setList(key)
            setMost(step)
          }}
          fill
        />
        {!shelf ? (
          <Waiting />
        ) : items.length === 0 ? (
          <StateView {...empty[list]} action={{ label: '去首页看看', href: tabs.home }} />
        ) : (
          <>
            {items.slice(0, most).map(item => (
              <Part key={item.id}>
                <FeedItem
                  item={item}
                  now={shelf.at}
                  {...(shelf.cached.has(item.id) ? { note: '离线可读' } : {})}
                  onOpen={openStory}
                />
              </Part>
            ))}
            {items.length > most ? (
              <View className="shelf-more" aria-role="button" onClick={() => setMost(most + step)}>
                {`显示更多（还有 ${items.length - most} 篇）`}
              </View>
            ) : null}
          </>
        )}
        <View className="shelf-settings">
          <ReadingSettings />
          {items.length > 0 ? (
            <View className="shelf-row" aria-role="button" onClick={() => void clear()}>
              {list === 'favourites' ? '清空收藏' : '清空看过和离线内容'}
            </View>
          ) : null}
          <Link className="shelf-row" href={aboutUrl}>
            <Text className="shelf-row-name">关于 · 反馈 · 侵权投诉</Text>
            <Icon name="more" />
          </Link>
        </View>
      </View>
    </View>
  )
}
