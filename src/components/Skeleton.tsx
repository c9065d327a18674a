import { View } from '@tarojs/components'
import './Skeleton.scss'

interface Props {
  rows: ReadonlyArray<'head' | 'line' | 'short'>
  /** Each `head` begins a story with its picture. */
  stories?: boolean
}

/** The shape of what comes: a headline and lines of text. Still, and silent to a screen reader. */
export function Skeleton({ rows, stories }: Props) {
  return (
    <View className={stories ? 'skeleton skeleton--stories' : 'skeleton'} aria-hidden>
      {rows.map((row, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows never change
        <View key={index} className={`skeleton-line skeleton-line--${row}`} />
      ))}
    </View>
  )
}
