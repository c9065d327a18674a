/** The parts of two packages without types that label-glyphs.ts uses. */
declare module 'wawoff2' {
  /** Converts a font file from WOFF2 to TrueType. */
  export function decompress(file: Uint8Array): Promise<Uint8Array>
}

declare module 'opentype.js' {
  /** A command of a TrueType outline: M and L to a point, Q through a control point, Z closes. */
  export type Command = { type: 'M' | 'L' | 'Q' | 'Z' } & { [coordinate in 'x1' | 'y1' | 'x' | 'y']?: number }

  interface Font {
    unitsPerEm: number
    variation: { set(axes: Record<string, number>): void }
    charToGlyph(character: string): { advanceWidth?: number }
    getPath(text: string, x: number, y: number, size: number): { commands: Command[] }
  }
  export function parse(file: ArrayBuffer): Font
}
