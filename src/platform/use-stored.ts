import { useState } from 'react'

/**
 * State that begins with what the phone holds. `before` is drawn on the web until the page's script has taken over:
 * the server knows no phone.
 */
export function useStored<T>(read: () => T, _before: T): [T, (next: T) => void] {
  return useState(read)
}
