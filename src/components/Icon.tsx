import { View } from '@tarojs/components'
import './Icon.scss'

/** One of our icons, in the colour of the surrounding text. Decorative only: a visible label must say what it means. */
export function Icon({ name }: { name: 'search' | 'clear' | 'more' }) {
  return <View className={`icon icon-${name}`} aria-hidden />
}
