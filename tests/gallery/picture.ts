import { mkdirSync } from 'node:fs'
import path from 'node:path'
import type { Page } from 'playwright-core'
import sharp from 'sharp'

/** Folder for the pictures of `npm run gallery`; git ignores it. */
export const folder = path.resolve(__dirname, '../../artifacts/gallery')

const inAName = (words: string) => words.replace(/[^\p{L}\p{N}.]+/gu, '-').replace(/^-|-$/g, '')

/** `weapp/home/offline-kept-on-the-phone/end/dark-1.75.png` */
export function fileFor(...parts: readonly string[]): string {
  return `${path.join(folder, ...parts.map(inAName))}.png`
}

/** Scrolls a part of the page to the middle of the window and waits for the visible pictures. */
export async function showPart(page: Page, selector: string): Promise<void> {
  await page.evaluate(async wanted => {
    const parts = Array.from(document.querySelectorAll(wanted))
    const part = parts.find(one => one.checkVisibility({ visibilityProperty: true }))
    if (!part) throw new Error(`there is no ${wanted} to show`)
    part.scrollIntoView({ block: 'center', behavior: 'instant' })
  }, selector)
}

const allLoaded = () =>
  Array.from(document.images).every(image => {
    const { top, bottom } = image.getBoundingClientRect()
    const inSight = bottom > 0 && top < innerHeight && image.checkVisibility()
    return !inSight || (image.complete && image.naturalWidth > 0)
  })

export async function takePicture(page: Page, file: string): Promise<void> {
  await page.evaluate(() => document.fonts.ready.then(() => undefined))
  // Visible pictures load lazily; a missing one is waited for only briefly.
  await page.waitForFunction(allLoaded, undefined, { timeout: 1000 }).catch(() => undefined)
  mkdirSync(path.dirname(file), { recursive: true })
  await page.screenshot({ path: file, animations: 'disabled', scale: 'css' })
}

/** Joins pictures into one sheet, in rows; `width` is the width of one picture. */
export async function makeSheet(
  file: string,
  rows: readonly (readonly string[])[],
  width: number,
): Promise<void> {
  const gap = 12
  const placed: { input: Buffer; left: number; top: number }[] = []
  let top = gap
  let right = 0
  for (const row of rows) {
    let left = gap
    let tallest = 0
    for (const picture of row) {
      const { data, info } = await sharp(picture)
        .resize({ width })
        .png()
        .toBuffer({ resolveWithObject: true })
      placed.push({ input: data, left, top })
      left += info.width + gap
      tallest = Math.max(tallest, info.height)
    }
    right = Math.max(right, left)
    top += tallest + gap
  }
  mkdirSync(path.dirname(file), { recursive: true })
  await sharp({ create: { width: right, height: top, channels: 3, background: '#808080' } })
    .composite(placed)
    .png()
    .toFile(file)
}
