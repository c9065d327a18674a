import { useRef, useState } from 'react'

/**
 * Runs one piece of work at a time. Work that is asked for before the earlier has ended is not begun: two clicks can come
 * before React draws the button as disabled.
 */
export function useOneAtATime(): { busy: boolean; alone: (work: () => Promise<void>) => Promise<void> } {
  const [busy, setBusy] = useState(false)
  const isRunning = useRef(false)
  async function alone(work: () => Promise<void>): Promise<void> {
    if (isRunning.current) return
    isRunning.current = true
    setBusy(true)
    try {
      await work()
    } finally {
      isRunning.current = false
      setBusy(false)
    }
  }
  return { busy, alone }
}
