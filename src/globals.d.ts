/** Build constants (config/index.ts). */
declare const APP_VERSION: string
declare const CLOUD_ENV: string
declare const CLOUD_URL: string
declare const SITE_URL: string

declare module '*.scss'
