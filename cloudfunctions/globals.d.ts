/** The origin of the site's address; empty if the build does not know it (config/cloudfunctions.ts, config/web.ts). */
declare const SITE_ORIGIN: string
