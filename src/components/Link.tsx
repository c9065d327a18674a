import { View } from '@tarojs/components'
import type { PropsWithChildren } from 'react'
import { openPage } from '#platform/navigate'
import { isSinglePage } from '#platform/single-page'

export interface LinkProps {
  /** Address of a page of ours. */
  href: string
  className: string
  /** What a screen reader says instead of the content. */
  label?: string
  /** Takes the place of opening the address, where something has to be done first. */
  onOpen?: () => void
}

/** A way to another page. On the web a real link; plain content in single-page mode, where nothing navigates. */
export function Link({ href, className, label, onOpen, children }: PropsWithChildren<LinkProps>) {
  if (isSinglePage()) return <View className={className}>{children}</View>
  return (
    <View
      className={className}
      aria-role="link"
      {...(label === undefined ? {} : { 'aria-label': label })}
      onClick={() => (onOpen ? onOpen() : openPage(href))}
    >
      {children}
    </View>
  )
}
