import { useSharedQuery } from './query'

/** The share mark in this page's address; empty if absent. */
export function useMark(): string {
  return /&(?:mark=|scene=\w+-)([0-9a-z]{10})(?!\w)/.exec(useSharedQuery())?.[1] ?? ''
}
