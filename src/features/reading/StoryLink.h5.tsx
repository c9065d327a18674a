import type { PropsWithChildren } from 'react'
import { storyUrl } from '#platform/navigate'
import type { StoryLinkProps } from './StoryLink'

/** A link within a line of text; a real link on the web. */
export function StoryLink({ id, className, children }: PropsWithChildren<StoryLinkProps>) {
  return (
    <a className={className} href={storyUrl(id)}>
      {children}
    </a>
  )
}
