import type { PropsWithChildren } from 'react'
import type { SendButtonProps } from './SendButton'
import './SendButton.scss'

/** A browser has its own share function; the guide explains it. */
export function SendButton({ className, onGuide, children }: PropsWithChildren<SendButtonProps>) {
  return (
    <button type="button" className={`send-button ${className}`} onClick={onGuide}>
      {children}
    </button>
  )
}
