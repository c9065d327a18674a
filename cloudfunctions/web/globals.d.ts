/** Build constants (config/web.ts). */

declare const WEB_API_ORIGIN: string
declare const WEB_ASSETS: Readonly<Record<'head' | 'script' | 'style' | 'more' | 'wide' | 'preview', string>>
declare const WEB_WORKER: string
