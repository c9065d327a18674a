/**
 * What a page may run and load. Inline scripts are forbidden, so text that is injected into a page runs nothing. Inline
 * styles are allowed, because style attributes need them (a bar's length, a picture's shape). Editors may use pictures
 * of any address.
 */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src-elem 'self'",
  "style-src-attr 'unsafe-inline'",
  // Browsers that do not know the two above.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: https:",
  `connect-src 'self'${WEB_API_ORIGIN && ` ${WEB_API_ORIGIN}`}`,
  "manifest-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ')

/** On every answer. */
export const safetyHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': policy,
  'referrer-policy': 'strict-origin-when-cross-origin',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}

/** Caches may store the document but must revalidate it each time, so that no cache serves a withdrawn story. */
export const revalidated = 'no-cache'
