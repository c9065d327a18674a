import type { PropsWithChildren } from 'react'
import { isSinglePage } from '#platform/single-page'
import type { LinkProps } from './Link'

/** A link: where it leads is a document, and opening it the browser's own work. */
export function Link({ href, className, label, children }: PropsWithChildren<LinkProps>) {
  if (isSinglePage()) return <div className={className}>{children}</div>
  return (
    <a className={className} href={href} {...(label === undefined ? {} : { 'aria-label': label })}>
      {children}
    </a>
  )
}
