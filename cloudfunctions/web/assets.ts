/** Addresses of the site's script and styles, with a hash of their content (config/web.ts writes them in). */
export const assets: Readonly<Record<'head' | 'script' | 'style' | 'more' | 'wide' | 'preview', string>> =
  WEB_ASSETS

/** The script of the service worker (src/web/service-worker.ts). */
export const worker: string = WEB_WORKER
