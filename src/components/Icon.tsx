import { View } from '@tarojs/components'
import './Icon.scss'

/** A drawing of ours in the colour of the text around it. It never stands alone: what it means is said beside it. */
export function Icon({ name }: { name: 'search' | 'clear' | 'more' }) {
  return <View className={`icon icon-${name}`} aria-hidden />
}
