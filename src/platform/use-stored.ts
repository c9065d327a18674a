import { useState } from 'react'

/**
 * State whose initial value is read from the phone. The web draws `before` until the page's script has taken over,
 * because the server cannot read the browser's storage.
 */
export function useStored<T>(read: () => T, _before: T): [T, (next: T) => void] {
  return useState(read)
}
