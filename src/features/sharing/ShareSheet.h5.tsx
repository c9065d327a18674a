import { useEffect, useRef } from 'react'
import { guideNow } from './guide-words.h5'
import type { ShareSheetProps } from './ShareSheet'
import './ShareSheet.scss'

/** Web version of ShareSheet.tsx. It takes the focus, keeps it and closes at Esc. */
export function ShareSheet({ onCopy, onClose }: ShareSheetProps) {
  const guide = guideNow()
  const copy = useRef<HTMLButtonElement>(null)
  const last = useRef<HTMLButtonElement>(null)
  const close = useRef(onClose)
  close.current = onClose
  useEffect(() => {
    const before = document.activeElement
    copy.current?.focus()
    const pressed = (event: KeyboardEvent) => {
      if (event.key === 'Escape') close.current()
      if (event.key !== 'Tab') return
      event.preventDefault()
      const next = document.activeElement === copy.current ? last : copy
      next.current?.focus()
    }
    addEventListener('keydown', pressed)
    return () => {
      removeEventListener('keydown', pressed)
      if (before instanceof HTMLElement) before.focus()
    }
  }, [])
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a tap beside the sheet closes it, as Esc does
    // biome-ignore lint/a11y/noStaticElementInteractions: the same
    <div className="share-sheet" onClick={onClose}>
      {guide.arrow ? <div className="share-sheet-arrow" aria-hidden /> : null}
      <div className="share-sheet-box" role="dialog" aria-modal aria-label={guide.title}>
        <span className="share-sheet-title">{guide.title}</span>
        <span className="share-sheet-words">{guide.words}</span>
        <button type="button" ref={copy} className="share-sheet-row" onClick={onCopy}>
          复制链接
        </button>
        <button type="button" ref={last} className="share-sheet-row" onClick={onClose}>
          关闭
        </button>
      </div>
    </div>
  )
}
