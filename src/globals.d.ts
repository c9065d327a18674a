/** Build constants (config/index.ts). */
declare const CLOUD_ENV: string
declare const CLOUD_URL: string
declare const SITE_URL: string

declare module '*.scss'
