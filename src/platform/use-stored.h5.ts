import { useEffect, useRef, useState } from 'react'

/** Web version of use-stored.ts. */
export function useStored<T>(read: () => T, before: T): [T, (next: T) => void] {
  const [value, setValue] = useState(before)
  const reader = useRef(read)
  useEffect(() => setValue(reader.current()), [])
  return [value, setValue]
}
