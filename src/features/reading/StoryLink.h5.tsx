import type { PropsWithChildren } from 'react'
import { storyUrl } from '#platform/navigate'
import type { StoryLinkProps } from './StoryLink'

/** A link within a line of text; on the web a real one. */
export function StoryLink({ id, className, onStory, children }: PropsWithChildren<StoryLinkProps>) {
  return (
    <a
      className={className}
      href={storyUrl(id)}
      onClick={event => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
        event.preventDefault()
        onStory(id)
      }}
    >
      {children}
    </a>
  )
}
