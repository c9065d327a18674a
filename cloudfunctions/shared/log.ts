/** Writes one line of JSON per event, which the cloud's log search can filter. Never pass it an openid. */
export function log(level: 'warn' | 'error', event: string, detail: Record<string, unknown>): void {
  console[level](JSON.stringify({ level, event, ...detail }))
}

/** An unexpected error as the log shows it. */
export function errorDetail(error: unknown): Record<string, unknown> {
  if (error instanceof Error) return { name: error.name, message: error.message, stack: error.stack }
  return { message: String(error) }
}
