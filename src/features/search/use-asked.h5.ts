import { useState } from 'react'
import { searchAddress, searchFor } from '#contract/addresses'

/** Web version of use-asked.ts: the query is in the page's address. */
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
