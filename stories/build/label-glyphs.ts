import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { type Command, parse } from 'opentype.js'
import { decompress } from 'wawoff2'
import { glyphFile, labelTexts } from './draw-labels'

const fontFolder = path.dirname(require.resolve('@fontsource-variable/noto-sans-sc/package.json'))
/** Weight of the variable font: a little bolder than text, because labels are small and lie on pictures. */
const weight = 500

/** A path in SVG syntax. The library's own `toPathData` writes `9530` for 953 and -0.4. */
function pathData(commands: readonly Command[]): string {
  let data = ''
  let at = ''
  for (const { type, x1, y1, x, y } of commands) {
    const numbers = [x1, y1, x, y].flatMap(value => (value === undefined ? [] : [Math.round(value) + 0]))
    const end = numbers.slice(-2).join(' ')
    // Some contours begin with a line to their own starting point: skip it.
    if (type === 'L' && end === at) continue
    at = end
    data += type + numbers.join(' ').replaceAll(' -', '-')
  }
  return data
}

/**
 * The path of the font file with a character. The font consists of a hundred files (unicode.json lists their ranges:
 * `U+4e00-4e01,U+4e03`).
 */
function fileOf(character: string, ranges: Record<string, string>): string {
  const code = character.codePointAt(0) ?? 0
  const subset = Object.entries(ranges).find(([, list]) =>
    list.split(',').some(range => {
      const [from = '', to = from] = range.trim().slice(2).split('-')
      return Number.parseInt(from, 16) <= code && code <= Number.parseInt(to, 16)
    }),
  )
  if (!subset) throw new Error(`Noto Sans SC 没有“${character}”`)
  return path.join(fontFolder, `files/noto-sans-sc-${subset[0].replace(/[[\]]/g, '')}-wght-normal.woff2`)
}

/** The lines of label-glyphs.jsonl: one per character, in the order of code points. */
export async function outlinesOf(characters: Iterable<string>): Promise<string[]> {
  const ranges = JSON.parse(readFileSync(path.join(fontFolder, 'unicode.json'), 'utf8'))
  const fonts = new Map<string, ReturnType<typeof parse>>()
  const lines: string[] = []
  for (const character of [...new Set(characters)].sort()) {
    const file = fileOf(character, ranges)
    const font = fonts.get(file) ?? parse(new Uint8Array(await decompress(readFileSync(file))).buffer)
    fonts.set(file, font)
    font.variation.set({ wght: weight })
    const outline = pathData(font.getPath(character, 0, 0, font.unitsPerEm).commands)
    lines.push(
      JSON.stringify([character, Math.round(font.charToGlyph(character).advanceWidth ?? 0), outline]),
    )
  }
  return lines
}

/**
 * `npm run labels`: writes the outlines of all characters that labels use. Run it after a label contains a new
 * character. The outlines are committed, so that a build needs no font. Noto Sans SC is under the SIL Open Font
 * License: label-glyphs.LICENSE.
 */
async function run(): Promise<void> {
  const stories = path.resolve(__dirname, '..')
  const drawings = readdirSync(stories, { recursive: true, encoding: 'utf8' }).filter(name =>
    name.endsWith('.svg'),
  )
  const characters = drawings
    .flatMap(name => labelTexts(readFileSync(path.join(stories, name), 'utf8')))
    .join('')
  const lines = await outlinesOf(characters)
  writeFileSync(glyphFile, lines.map(line => `${line}\n`).join(''))
  console.log(`${lines.length} characters in ${path.relative(process.cwd(), glyphFile)}`)
}

if (require.main === module) {
  if (process.argv.length > 2) {
    console.error('npm run labels takes no arguments.')
    process.exit(2)
  }
  run().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error)
    process.exit(1)
  })
}
