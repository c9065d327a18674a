import { useCallback, useEffect, useState } from 'react'
import { storedInHistory, storeInHistory } from '#platform/document-history'

/**
 * Web version of use-fold.ts. The browser's history remembers an open fold, so that going back leads to the same place.
 */
export function useFold(): [boolean, () => void] {
  const [open, setOpen] = useState(false)
  useEffect(() => {
    if (storedInHistory().unfolded) setOpen(true)
  }, [])
  const unfold = useCallback(() => {
    storeInHistory({ unfolded: true })
    setOpen(true)
  }, [])
  return [open, unfold]
}
