import { View } from '@tarojs/components'
import './Skeleton.scss'

/** The shape of what comes: a headline and lines of text. Still, and silent to a screen reader. */
export function Skeleton({ rows }: { rows: ReadonlyArray<'head' | 'line' | 'short'> }) {
  return (
    <View className="skeleton" aria-hidden>
      {rows.map((row, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows never change
        <View key={index} className={`skeleton-line skeleton-line--${row}`} />
      ))}
    </View>
  )
}
