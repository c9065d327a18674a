/** Build constants (config/index.ts). */
declare const APP_VERSION: string
declare const CLOUD_ENV: string
declare const CLOUD_URL: string
declare const SITE_URL: string

declare module '*.scss'

/** Set by Taro: `h5` or `weapp`. Configurations may branch on it; code has `x.h5.ts` beside `x.ts` instead. */
declare const process: { readonly env: { readonly TARO_ENV?: string } }
