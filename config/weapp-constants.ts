/** Constants that the build writes into the mini-program, as source text. */
export function weappConstants(
  version: string,
  { KEPU_TARGET, KEPU_LOCAL_CLOUD, KEPU_CLOUD_ENV, KEPU_SITE_URL, KEPU_PRINCIPLES } = process.env,
) {
  const localCloud = KEPU_LOCAL_CLOUD ?? 'http://127.0.0.1:8788'
  /** Address of the site (config/web.ts); empty if there is none. It also serves the stories' pictures. */
  const site = KEPU_TARGET === 'local' ? localCloud : (KEPU_SITE_URL ?? '')
  return {
    APP_VERSION: JSON.stringify(version),
    CLOUD_ENV: JSON.stringify(KEPU_CLOUD_ENV ?? ''),
    SITE_URL: JSON.stringify(site),
    // Only the simulator build needs it.
    CLOUD_URL: JSON.stringify(localCloud),
    // config/build.ts makes it: the text's parser is too much for Taro's own process.
    PRINCIPLES: KEPU_PRINCIPLES ?? '[]',
  }
}
