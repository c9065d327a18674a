import { View } from '@tarojs/components'
import type { PropsWithChildren } from 'react'
import { can } from '#platform/abilities'
import { openPage } from '#platform/navigate'

export interface LinkProps {
  /** Address of one of our pages. */
  href: string
  className: string
  /** The label for screen readers; replaces the content. */
  label?: string
  /** Called instead of opening the address, if something must be done first. */
  onOpen?: () => void
}

/** A link to another page. A real link on the web; plain content in single-page mode, where navigation is disabled. */
export function Link({ href, className, label, onOpen, children }: PropsWithChildren<LinkProps>) {
  if (!can('navigate')) return <View className={className}>{children}</View>
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
