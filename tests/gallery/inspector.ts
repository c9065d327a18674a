import type { Page } from 'playwright-core'
import { bundle } from '../../weapp-host/bundle'
import { allowances } from './allowances'
import type { Allowance, Report } from './inspect/flaw'

declare global {
  interface Window {
    gallery?: { inspect(allowances: readonly Allowance[]): Report }
  }
}

/** Inspects the whole page as it is drawn now, once its fonts have loaded. */
export async function inspectPage(page: Page, allowed: readonly Allowance[] = allowances): Promise<Report> {
  const there = await page.evaluate(() => window.gallery !== undefined)
  // Evaluated, not added as an element: a page that runs no script would not run that either.
  if (!there) {
    const script = await bundle('../tests/gallery/inspect/inspect.ts', 'gallery')
    await page.evaluate(`${script}\nwindow.gallery = gallery`)
  }
  return page.evaluate(async text => {
    await document.fonts.ready
    const report = window.gallery?.inspect(JSON.parse(text) as never)
    if (!report) throw new Error('the inspector is not there')
    return report
  }, JSON.stringify(allowed))
}

/** One line for each flaw. */
export function linesOf({ flaws }: Report): string[] {
  return flaws.map(({ rule, where, words, detail }) => `${rule}: ${where} “${words}” ${detail}`)
}
