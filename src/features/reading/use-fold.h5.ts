import { useCallback, useEffect, useState } from 'react'
import { keepInHistory, keptInHistory } from '#platform/document-history'

/**
 * Web version of use-fold.ts. The browser's history remembers an open fold, so that going back leads to the same place.
 */
export function useFold(): [boolean, () => void] {
  const [open, setOpen] = useState(false)
  useEffect(() => {
    if (keptInHistory().unfolded) setOpen(true)
  }, [])
  const unfold = useCallback(() => {
    keepInHistory({ unfolded: true })
    setOpen(true)
  }, [])
  return [open, unfold]
}
