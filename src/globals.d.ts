/** Build constants (config/index.ts). */
declare const APP_VERSION: string
declare const CLOUD_ENV: string
declare const CLOUD_URL: string
declare const SITE_URL: string
/** The blocks of src/principles.md (config/principles.ts). */
declare const PRINCIPLES: import('./contract/article').Block[]

declare module '*.scss'
