/** Build constants (config/index.ts). */
declare const APP_VERSION: string
declare const CLOUD_ENV: string
declare const CLOUD_URL: string
declare const SITE_URL: string
/** Address of the script that draws posters on the site (config/web.ts). */
declare const POSTER_SCRIPT: string
/** The blocks of src/principles.md (config/principles.ts). */
declare const PRINCIPLES: import('./contract/article').Block[]

declare module '*.scss'
