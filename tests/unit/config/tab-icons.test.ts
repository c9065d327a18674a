import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import sharp from 'sharp'
import { drawIcons } from '../../../config/tab-icons'

const folder = path.resolve(__dirname, '../../../src/assets/tab')

test('the tab bar’s icons are those that are drawn, small and without what phones do not read', async () => {
  const icons = await drawIcons()
  expect([...icons.keys()].sort()).toEqual(readdirSync(folder).sort())
  const pixelsOf = (png: Buffer) => sharp(png).ensureAlpha().raw().toBuffer()
  for (const [name, drawn] of icons) {
    const kept = readFileSync(path.join(folder, name))
    const [mine, theirs] = await Promise.all([pixelsOf(drawn), pixelsOf(kept)])
    expect([name, mine.length]).toEqual([name, 60 * 60 * 4])
    // Another processor may round the edge of a line otherwise.
    const others = mine.filter((value, at) => value !== theirs[at]).length
    expect([name, others / mine.length < 0.01]).toEqual([name, true])
    for (const png of [drawn, kept]) {
      expect(png.length).toBeLessThan(600)
      expect(png.includes('pHYs')).toBe(false)
    }
  }
})
