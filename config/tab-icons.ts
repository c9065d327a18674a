import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import sharp from 'sharp'

/**
 * Draws the tab bar's icons. WeChat accepts only PNG and JPG (≤ 40 KB; it advises at most 81 × 81 px). The PNGs are
 * committed: run `node --import tsx config/tab-icons.ts` after a change.
 */
const drawings = {
  home: '<path d="M5 15.5 16 6l11 9.5"/><path d="M8 13.5V26h16V13.5"/><path d="M13 26v-7h6v7"/>',
  ranking: '<path d="M6 26.5h20"/><path d="M9 22v-6"/><path d="M16 22V7"/><path d="M23 22V12"/>',
  shelf: '<path d="M7 6h5v20H7zM12 9h5v17h-5z"/><path d="m18.5 9.6 4.6-1.3 4.7 16.4-4.6 1.3z"/>',
} as const

/** Colours of idle and selected icons, light and dark: ink-faint and accent of src/styles/tokens.scss. */
const colours = {
  '': '#75726B',
  '-on': '#0B6E63',
  '-dark': '#8F8C86',
  '-on-dark': '#4FB8A8',
} as const

const folder = path.resolve(__dirname, '../src/assets/tab')
const edge = 60

/** A PNG without the chunk that tells printers its density, which libvips always writes. */
function withoutDensity(png: Buffer): Buffer {
  const kept = [png.subarray(0, 8)]
  for (let at = 8; at < png.length; ) {
    const end = at + 12 + png.readUInt32BE(at)
    if (png.toString('latin1', at + 4, at + 8) !== 'pHYs') kept.push(png.subarray(at, end))
    at = end
  }
  return Buffer.concat(kept)
}

/** The icons by the name of their file. */
export async function drawIcons(): Promise<Map<string, Buffer>> {
  const icons = new Map<string, Buffer>()
  for (const [name, shape] of Object.entries(drawings)) {
    for (const [state, colour] of Object.entries(colours)) {
      // A selected icon also has thicker lines: colour alone is not enough.
      const weight = state.startsWith('-on') ? 2.6 : 1.9
      const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${edge}" height="${edge}" viewBox="0 0 32 32" fill="none" stroke="${colour}" stroke-width="${weight}" stroke-linecap="round" stroke-linejoin="round">${shape}</svg>`
      // Four steps of transparency need two bits a pixel: the zipped main package is 1.8 KB smaller than with eight.
      const { data, info } = await sharp(Buffer.from(svg)).raw().toBuffer({ resolveWithObject: true })
      const [red = 0, green = 0, blue = 0] = Buffer.from(colour.slice(1), 'hex')
      for (let at = 0; at < data.length; at += 4)
        data.set([red, green, blue, Math.round((data[at + 3] ?? 0) / 85) * 85], at)
      const { width, height } = info
      const png = await sharp(data, { raw: { width, height, channels: 4 } })
        .png({ palette: true, colours: 4, dither: 0, effort: 10, compressionLevel: 9 })
        .toBuffer()
      icons.set(`${name}${state}.png`, withoutDensity(png))
    }
  }
  return icons
}

async function writeIcons(): Promise<void> {
  mkdirSync(folder, { recursive: true })
  for (const [name, png] of await drawIcons()) writeFileSync(path.join(folder, name), png)
}

if (require.main === module) void writeIcons()
