import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

/** For quiet and deterministic runs: no downloads, no animations of the browser, no update checks. */
const quiet = [
  ...[
    '--no-sandbox',
    '--disable-gpu',
    '--disable-dev-shm-usage',
    '--no-first-run',
    '--no-default-browser-check',
  ],
  ...[
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--disable-extensions',
  ],
  ...[
    '--disable-features=Translate,OptimizationHints,MediaRouter',
    '--force-color-profile=srgb',
    '--mute-audio',
  ],
  '--font-render-hinting=none',
]

/**
 * Starts a headless Chromium: the one CHROME_PATH names, or the one that comes inside an npm package, which needs no
 * download and no root. Close it when done.
 */
export async function launchBrowser(): Promise<Browser> {
  const given = process.env.CHROME_PATH
  if (given) {
    if (!existsSync(given)) throw new Error(`CHROME_PATH names ${given}, which is not there`)
    return chromium.launch({ executablePath: given, args: quiet })
  }
  // Without this the package does not provide its own system libraries (libnss3 and related ones). It is read at
  // import.
  process.env.AWS_LAMBDA_JS_RUNTIME ??= 'nodejs20.x'
  const { default: packaged } = await import('@sparticuz/chromium')
  return chromium.launch({ executablePath: await packaged.executablePath(), args: quiet })
}
