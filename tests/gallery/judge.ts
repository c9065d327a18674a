import { expect } from '@jest/globals'
import type { Page } from 'playwright-core'
import { inspectPage, linesOf } from './inspector'
import { fileFor, takePicture } from './picture'

/** A loading page shows only the outline of its content, so it has no text to inspect. */
const isWordless = (place: readonly string[]) => place.at(-1)?.startsWith('loading')

/**
 * The flaws of a screen as it is drawn now, one line each, and a picture of it if there are any. The last part of
 * `place` is the screen's state.
 */
export async function flawsOf(page: Page, place: readonly string[], look: string): Promise<string[]> {
  const report = await inspectPage(page)
  const said = linesOf(report).map(line => `${look}: ${line}`)
  if (said.length > 0) await takePicture(page, fileFor('failed', ...place, look))
  if (!isWordless(place)) expect(report.texts).toBeGreaterThan(0)
  return said
}
