import type { PropsWithChildren } from 'react'
import { can } from '#platform/abilities'
import type { LinkProps } from './Link'

/** Web version of Link.tsx: a plain `<a>`. The browser itself opens the document. */
export function Link({ href, className, label, children }: PropsWithChildren<LinkProps>) {
  if (!can('navigate')) return <div className={className}>{children}</div>
  return (
    <a className={className} href={href} {...(label === undefined ? {} : { 'aria-label': label })}>
      {children}
    </a>
  )
}
