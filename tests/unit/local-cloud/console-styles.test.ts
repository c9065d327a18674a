import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import postcss, { type AtRule, type Rule } from 'postcss'

const folder = path.resolve(__dirname, '../../../local-cloud/console/page')
const sheet = postcss.parse(readFileSync(path.join(folder, 'console.css'), 'utf8'))

/** The colours of a theme by name. The dark theme gives only what differs. */
function coloursOf(dark: boolean): Record<string, string> {
  const found: Record<string, string> = {}
  sheet.walkRules(':root', rule => {
    const { parent } = rule
    const isDark = parent?.type === 'atrule' && (parent as AtRule).params === '(prefers-color-scheme: dark)'
    if (parent?.type !== 'root' && !(dark && isDark)) return
    rule.walkDecls(/^--/, ({ prop, value }) => {
      found[prop.slice(2)] = value
    })
  })
  return found
}

/** Relative luminance of `#abc` or `#aabbcc` (WCAG 2). */
function luminance(colour: string): number {
  const digits = colour.slice(1).replace(/^(.)(.)(.)$/, '$1$1$2$2$3$3')
  const [r = 0, g = 0, b = 0] = [0, 2, 4]
    .map(at => Number.parseInt(digits.slice(at, at + 2), 16) / 255)
    .map(part => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a)
  return (light + 0.05) / (dark + 0.05)
}

describe.each([
  ['by day', false],
  ['at night', true],
])('%s', (_when, dark) => {
  const colours = coloursOf(dark)
  test.each(
    ['ink', 'dim', 'accent', 'bad', 'good']
      .flatMap(ink => [
        [ink, 'page'],
        [ink, 'paper'],
      ])
      .concat([['on-accent', 'accent']]),
  )('%s can be read on %s', (ink, ground) =>
    expect(contrast(colours[ink] ?? '', colours[ground] ?? '')).toBeGreaterThanOrEqual(4.5),
  )

  test('what is wrong does not look as what is well, and the page is as bright as the time of day', () => {
    const [bad, good] = [colours.bad, colours.good].map(colour => Number.parseInt(colour?.slice(1) ?? '', 16))
    expect((bad ?? 0) >> 16).toBeGreaterThan(((bad ?? 0) >> 8) & 255)
    expect(((good ?? 0) >> 8) & 255).toBeGreaterThan((good ?? 0) >> 16)
    expect(luminance(colours.page ?? '') < 0.2).toBe(dark)
  })
})

test('every name of a class that the page gives has rules, and every rule has an element', () => {
  const used = new Set<string>()
  for (const name of readdirSync(folder).filter(file => file.endsWith('.tsx'))) {
    const text = readFileSync(path.join(folder, name), 'utf8').replace(/\/\/.*|\b(id|htmlFor)="[^"]*"/g, '')
    for (const [found] of text.matchAll(/(?<![\w/-])console-[a-z]+\b(?![./])/g)) used.add(found)
  }
  const ruled = new Set<string>()
  sheet.walkRules((rule: Rule) => {
    for (const [, name = ''] of rule.selector.matchAll(/\.([\w-]+)/g)) ruled.add(name)
  })
  expect([...used].sort()).toEqual([...ruled].sort())
})
