import { useState } from 'react'

/** The current query, and a function that changes it. An empty query shows suggestions. */
export function useAsked(first: string): [string, (query: string) => void] {
  return useState(first)
}
