/** A colour in sRGB: channels 0 to 255, opacity 0 to 1. */
export interface Colour {
  r: number
  g: number
  b: number
  a: number
}

export const white: Colour = { r: 255, g: 255, b: 255, a: 1 }
export const black: Colour = { r: 0, g: 0, b: 0, a: 1 }

/** Parses a colour as `getComputedStyle` writes it. Throws for an unknown format instead of guessing. */
export function parseColour(text: string): Colour {
  const numbers = /^(rgba?|color)\((?:srgb\s+)?([^)]*)\)$/.exec(text.trim())
  if (!numbers) throw new Error(`not a colour: ${text}`)
  const [r = 0, g = 0, b = 0, a = 1] = (numbers[2] ?? '').split(/[\s,/]+/).map(Number)
  const scale = numbers[1] === 'color' ? 255 : 1
  return { r: r * scale, g: g * scale, b: b * scale, a }
}

/** The result of `top` drawn over an opaque background. */
export function over(top: Colour, ground: Colour): Colour {
  const mix = (a: number, b: number) => a * top.a + b * (1 - top.a)
  return { r: mix(top.r, ground.r), g: mix(top.g, ground.g), b: mix(top.b, ground.b), a: 1 }
}

/** WCAG 2.2, relative luminance. */
function luminance({ r, g, b }: Colour): number {
  const linear = (channel: number) => {
    const part = channel / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  }
  return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
}

/** WCAG 2.2, contrast ratio: 1 to 21. */
export function contrast(one: Colour, other: Colour): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (high + 0.05) / (low + 0.05)
}

/**
 * The colour of a vertical linear gradient `down` px below its top, for a box `height` px high; null for any other
 * image. Stops have the format of computed styles: `rgba(…) 40%` or `rgba(…) 44px`, without a position for the first
 * and the last.
 */
export function gradientAt(image: string, down: number, height: number): Colour | null {
  const part = down / height
  const inner = /^linear-gradient\((.*)\)$/s.exec(image)?.[1]
  const stops = inner ? [...inner.matchAll(/(rgba?\([^)]*\))(?:\s+([\d.]+)(%|px))?/g)] : []
  if (!inner || stops.length < 2 || /^\s*(to |[-\d.]+(deg|turn|rad))/.test(inner)) return null
  const placed = stops.map(([, colour = '', place, unit], index) => ({
    colour: parseColour(colour),
    at: place === undefined ? index / (stops.length - 1) : Number(place) / (unit === 'px' ? height : 100),
  }))
  const [first] = placed
  let before = first
  for (const stop of placed) {
    if (!before || stop.at < part) {
      before = stop
      continue
    }
    const span = stop.at - before.at
    const share = span > 0 ? (part - before.at) / span : 1
    const mix = (a: number, b: number) => a + (b - a) * share
    const [from, to] = [before.colour, stop.colour]
    return { r: mix(from.r, to.r), g: mix(from.g, to.g), b: mix(from.b, to.b), a: mix(from.a, to.a) }
  }
  return before?.colour ?? null
}
