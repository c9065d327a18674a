import { useCallback, useState } from 'react'

/** Whether a story's fold is open, and a function that opens it. */
export function useFold(): [boolean, () => void] {
  const [open, setOpen] = useState(false)
  return [open, useCallback(() => setOpen(true), [])]
}
