import type { PropsWithChildren } from 'react'
import type { SendButtonProps } from './SendButton'
import './SendButton.scss'

/** A browser shares by itself: the guide says how. */
export function SendButton({ className, onGuide, children }: PropsWithChildren<SendButtonProps>) {
  return (
    <button type="button" className={`send-button ${className}`} onClick={onGuide}>
      {children}
    </button>
  )
}
