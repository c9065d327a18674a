import { createHash } from 'node:crypto'

/** Names what several values identify together: 22 characters of `[A-Za-z0-9_-]`, 132 bits of their SHA-256. */
export function hashOf(...parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\u0000')).digest('base64url').slice(0, 22)
}
