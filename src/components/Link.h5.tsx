import type { MouseEvent, PropsWithChildren } from 'react'
import { openPage } from '#platform/navigate'
import { isSinglePage } from '#platform/single-page'
import type { LinkProps } from './Link'
import './Link.h5.scss'

/** A real link: it can be tabbed to, copied and opened in a tab of its own. */
export function Link({ href, className, label, onOpen, children }: PropsWithChildren<LinkProps>) {
  if (isSinglePage()) return <div className={className}>{children}</div>
  const open = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    if (onOpen) onOpen()
    else openPage(href)
  }
  return (
    <a
      className={className}
      href={href}
      onClick={open}
      {...(label === undefined ? {} : { 'aria-label': label })}
    >
      {children}
    </a>
  )
}
