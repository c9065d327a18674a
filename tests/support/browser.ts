import { existsSync } from 'node:fs'
import type { Browser } from 'playwright-core'
import { endWithTestFile } from './left-running'

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

/** Playwright takes a second to load, so a worker of jest loads it once, and not for each test file. */
const playwright = (): typeof import('playwright-core') =>
  (globalThis.requireOnce ?? require)('playwright-core')

/** How often a browser that crashes at its start is started. */
const startsAtMost = 3

/**
 * The packaged Chromium crashes at a start now and then (SIGSEGV, once in some hundred starts on a busy machine). No
 * page has been opened by then, so starting it again hides nothing.
 */
async function start(executablePath: string): Promise<Browser> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await playwright().chromium.launch({ executablePath, args: quiet })
    } catch (error) {
      if (attempt >= startsAtMost || !String(error).includes('SIGSEGV')) throw error
    }
  }
}

/** Path of the browser: the one CHROME_PATH names, or the packaged one, which is unpacked into the temporary folder. */
export async function browserPath(): Promise<string> {
  const given = process.env.CHROME_PATH
  if (given) {
    if (!existsSync(given)) throw new Error(`CHROME_PATH names ${given}, which is not there`)
    return given
  }
  if (process.env.UNPACKED_BROWSER) return process.env.UNPACKED_BROWSER
  // Without this the package does not provide its own system libraries (libnss3 and related ones). It is read at
  // import.
  process.env.AWS_LAMBDA_JS_RUNTIME ??= 'nodejs20.x'
  const { default: packaged } = await import('@sparticuz/chromium')
  return packaged.executablePath()
}

/** Starts a headless Chromium, which needs no download and no root. Close it when done. */
export async function launchBrowser(): Promise<Browser> {
  const starting = browserPath().then(start)
  const { ended } = endWithTestFile(async () => (await starting).close())
  const browser = await starting
  browser.once('disconnected', ended)
  return browser
}
