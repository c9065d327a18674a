import { View } from '@tarojs/components'
import './Icon.scss'

export interface IconProps {
  name: 'search' | 'clear' | 'more'
}

/** One of our icons, in the colour of the surrounding text. Decorative only: a visible label must say what it means. */
export function Icon({ name }: IconProps) {
  return <View className={`icon icon-${name}`} aria-hidden />
}
