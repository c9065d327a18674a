import { View } from '@tarojs/components'
import { useEffect, useState } from 'react'
import { watchSight } from '#platform/sight'
import './ReadingBar.scss'

/**
 * 正在阅读：{title}, once the headline has gone over the upper edge. Its own state: scrolling draws this line and
 * nothing else. Silent to a screen reader, which has read the headline.
 */
export function ReadingBar({ title }: { title: string }) {
  const [gone, setGone] = useState(false)
  useEffect(
    // A page that goes to where it was left has its headline out of sight before anybody watches.
    () => watchSight('.head-title', ({ seen, top }) => setGone(seen <= 0 && top < 0), { initially: 1 }),
    [],
  )
  return (
    <View className={gone ? 'reading-bar reading-bar--on' : 'reading-bar'} aria-hidden>
      {`正在阅读：${title}`}
    </View>
  )
}
