import { Text } from '@tarojs/components'
import type { PropsWithChildren } from 'react'

export interface StoryLinkProps {
  id: string
  className: string
  onStory: (id: string) => void
}

/** A link within a line of text. */
export function StoryLink({ id, className, onStory, children }: PropsWithChildren<StoryLinkProps>) {
  return (
    <Text className={className} aria-role="link" onClick={() => onStory(id)}>
      {children}
    </Text>
  )
}
