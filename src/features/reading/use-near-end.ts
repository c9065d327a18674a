import { useEffect, useState } from 'react'
import { watchSight } from '#platform/sight'

/** Requests the lists below the story when 相关阅读 is this far below the window (px): about a screen. */
const ahead = 700

/** Whether the reader has come near the end of the story; stays true. `drawn`: 相关阅读 is on the page. */
export function useNearEnd(drawn: boolean): boolean {
  const [near, setNear] = useState(false)
  useEffect(() => {
    if (!drawn || near) return
    return watchSight('.related', ({ seen, top }) => (seen > 0 || top < 0) && setNear(true), { below: ahead })
  }, [drawn, near])
  return near
}
