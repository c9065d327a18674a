import { View } from '@tarojs/components'
import { useEffect, useState } from 'react'
import { StateView } from '#components/StateView'
import { FeedItem } from '#features/feed/FeedItem.tsx'
import { openStory } from '#features/reading/open-story'
import { cachedStoryIds } from '#features/reading/story-cache'
import { listFavourites, listHistory, type Shelved } from '#features/shelf/shelf-store'
import { onNetworkBack } from '#platform/network'
import './Offline.scss'

/** Stories on the shelf that are cached and so readable now, without duplicates, those read last first. */
function readable(): Shelved[] {
  const cached = cachedStoryIds()
  const byId = new Map([...listFavourites(), ...listHistory()].map(item => [item.id, item]))
  return [...byId.values()].filter(item => cached.has(item.id)).sort((a, b) => b.at - a.at)
}

/** Replaces a page that this browser has not cached: says so, and lists the stories that it has. */
export function Offline() {
  const [items, setItems] = useState<Shelved[]>([])
  useEffect(() => setItems(readable()), [])
  useEffect(() => onNetworkBack(() => location.reload()), [])
  return (
    <>
      <StateView
        title="没有网络"
        hint={
          items.length === 0
            ? '这一页要联网才能看，这台设备上还没有可以离线读的文章'
            : '这一页要联网才能看，下面的文章存在这台设备上，现在就能读'
        }
        action={{ label: '再试一次', run: () => location.reload() }}
      />
      <View className="offline-list">
        {items.map(item => (
          <FeedItem key={item.id} item={item} now={Date.now()} note="离线可读" onOpen={openStory} />
        ))}
      </View>
    </>
  )
}
