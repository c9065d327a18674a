import { Button, View } from '@tarojs/components'
import type { PropsWithChildren } from 'react'
import { can } from '#platform/abilities'
import './SendButton.scss'

export interface SendButtonProps {
  className: string
  /** Opens the guide if the platform cannot open its own share panel. */
  onGuide: () => void
}

/** Sends the story to a friend: WeChat opens its own panel and asks the page for the card. */
export function SendButton({ className, onGuide, children }: PropsWithChildren<SendButtonProps>) {
  if (!can('shareButton')) {
    return (
      <View className={`send-button ${className}`} aria-role="button" onClick={onGuide}>
        {children}
      </View>
    )
  }
  return (
    <Button className={`send-button ${className}`} openType="share">
      {children}
    </Button>
  )
}
