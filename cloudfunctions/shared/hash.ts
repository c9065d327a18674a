import { createHash } from 'node:crypto'

/** One id for several values: 22 characters of `[A-Za-z0-9_-]`, the first 132 bits of their SHA-256. */
export function hashOf(...parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\u0000')).digest('base64url').slice(0, 22)
}
