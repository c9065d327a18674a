export const recentAtMost = 10

/** Puts a query first; the same one does not stand twice, the oldest leave. */
export function withRecent(recent: readonly string[], query: string): string[] {
  return [query, ...recent.filter(other => other !== query)].slice(0, recentAtMost)
}
