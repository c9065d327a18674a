/**
 * What may run and be loaded. No inline script: a text that found a way into a page runs nothing. Styles stand in
 * attributes too (a bar's length, a picture's shape). Pictures may be addresses of the editors' choice.
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

/** Kept by whoever likes, and asked for again each time: nothing serves a withdrawn story out of a cache. */
export const revalidated = 'no-cache'
