import { useState } from 'react'
import { searchAddress, searchFor } from '#contract/addresses'

/** As in use-asked.ts: the words of a search are in its address. */
export function useAsked(first: string): [string, (query: string) => void] {
  const [query, setQuery] = useState(first)
  const ask = (next: string) => {
    if (next) {
      location.assign(searchFor(next))
      return
    }
    history.replaceState(history.state, '', searchAddress)
    setQuery('')
  }
  return [query, ask]
}
