import { View } from '@tarojs/components'
import { useEffect, useState } from 'react'
import { watchSight } from '#platform/sight'
import './ReadingBar.scss'

/**
 * Shows 正在阅读：{title} after the headline has scrolled out at the top. The state is local, so that scrolling redraws only
 * this line. Hidden from screen readers, which have read the headline.
 */
export function ReadingBar({ title }: { title: string }) {
  const [gone, setGone] = useState(false)
  useEffect(
    // If the page scrolls to the stored place, the headline is out of sight before the watching begins.
    () => watchSight('.head-title', ({ seen, top }) => setGone(seen <= 0 && top < 0), { initially: 1 }),
    [],
  )
  return (
    <View className={gone ? 'reading-bar reading-bar--on' : 'reading-bar'} aria-hidden>
      {`正在阅读：${title}`}
    </View>
  )
}
