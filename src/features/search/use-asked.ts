import { useState } from 'react'

/** What is searched for, and the function that asks for something else; nothing asks for suggestions. */
export function useAsked(first: string): [string, (query: string) => void] {
  return useState(first)
}
