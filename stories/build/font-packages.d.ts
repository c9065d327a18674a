/** What label-glyphs.ts uses of two packages without types. */
declare module 'wawoff2' {
  /** A font file in WOFF2 as TrueType. */
  export function decompress(file: Uint8Array): Promise<Uint8Array>
}

declare module 'opentype.js' {
  /** Of a TrueType outline: M and L to a point, Q by another one, Z. */
  export type Command = { type: 'M' | 'L' | 'Q' | 'Z' } & { [coordinate in 'x1' | 'y1' | 'x' | 'y']?: number }

  interface Font {
    unitsPerEm: number
    variation: { set(axes: Record<string, number>): void }
    charToGlyph(character: string): { advanceWidth?: number }
    getPath(text: string, x: number, y: number, size: number): { commands: Command[] }
  }
  export function parse(file: ArrayBuffer): Font
}
