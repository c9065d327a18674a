import { Button } from '@tarojs/components'
import type { PropsWithChildren } from 'react'
import './SendButton.scss'

export interface SendButtonProps {
  className: string
  /** Opens the guide if the platform cannot open its own share panel. */
  onGuide: () => void
}

/** Sends the story to a friend: WeChat opens its own panel and asks the page for the card. */
export function SendButton({ className, children }: PropsWithChildren<SendButtonProps>) {
  return (
    <Button className={`send-button ${className}`} openType="share">
      {children}
    </Button>
  )
}
