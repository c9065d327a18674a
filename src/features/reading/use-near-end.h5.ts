import { useEffect, useState } from 'react'
import { watchSight } from '#platform/sight'

/** How far below the window the moods may still be when the rest is asked for (px). */
const ahead = 300

/** As in use-near-end.ts. A wide window shows 相关阅读 beside the text: the moods are what stands at its end. */
export function useNearEnd(drawn: boolean): boolean {
  const [near, setNear] = useState(false)
  useEffect(() => {
    if (!drawn || near) return
    return watchSight('.moods', ({ seen, top }) => (seen > 0 || top < 0) && setNear(true), { below: ahead })
  }, [drawn, near])
  return near
}
