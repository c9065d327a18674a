import { useEffect, useState } from 'react'
import { watchSight } from '#platform/sight'
import { hadGrown } from '#platform/use-grown-list'
import { storyEnd } from './story-end'

/** Whether the reader has come near the end of the story; stays true. `drawn`: that end is on the page. */
export function useNearEnd(drawn: boolean): boolean {
  const [near, setNear] = useState(false)
  useEffect(() => {
    if (!drawn || near) return
    if (hadGrown()) {
      setNear(true)
      return
    }
    const { selector, ahead } = storyEnd
    return watchSight(selector, ({ seen, top }) => (seen > 0 || top < 0) && setNear(true), { below: ahead })
  }, [drawn, near])
  return near
}
