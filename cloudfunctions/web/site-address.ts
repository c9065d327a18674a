/**
 * An address of this deployment, with its origin if the build knows it. A request's host is never used, because it can
 * be forged.
 */
export const absolute = (path: string): string =>
  path.startsWith('/') && !path.startsWith('//') ? SITE_ORIGIN + path : path
