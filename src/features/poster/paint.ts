import type { Theme } from '#platform/theme'
import { type Box, layOut, type PosterWords, type Type } from './layout'

/** Of styles/tokens.scss: a canvas reads no variables of CSS. */
const palettes = {
  light: { paper: '#fbfaf7', ink: '#1b1b1a', soft: '#55534e', faint: '#75726b', line: '#e7e4dd' },
  dark: { paper: '#141414', ink: '#e8e6e1', soft: '#b0ada6', faint: '#8f8c86', line: '#2c2c2c' },
} as const

/** A poster has twice the pixels of its layout: sharp on phones, and readable for the camera. */
const scale = 2

/** A canvas of a browser; WeChat's canvas 2d is used as one. */
export interface PosterCanvas {
  width: number
  height: number
  getContext: (kind: '2d') => CanvasRenderingContext2D | null
}

export type Cover = CanvasImageSource & { width: number; height: number }

export interface PosterPictures {
  /** Missing if the story has none, or if it could not be loaded. */
  cover?: Cover | undefined
  /** Draws the code into a white box. */
  drawCode: (context: CanvasRenderingContext2D, box: Box) => void
}

/** Draws a poster, and sets the canvas's size. Throws where there is no canvas 2d. */
export function paintPoster(
  canvas: PosterCanvas,
  words: PosterWords,
  { cover, drawCode }: PosterPictures,
  theme: Theme,
): void {
  const context = canvas.getContext('2d')
  if (!context) throw new Error('no canvas 2d')
  const colours = palettes[theme]
  const use = ({ bold, size }: Type): void => {
    context.font = `${bold ? 'bold ' : ''}${size}px sans-serif`
  }
  const poster = layOut({ ...words, cover }, (text, type) => {
    use(type)
    return context.measureText(text).width
  })
  // A canvas forgets its state when it changes its size.
  canvas.width = poster.width * scale
  canvas.height = poster.height * scale
  context.scale(scale, scale)
  const fill = (colour: string, { x, y, width, height }: Box): void => {
    context.fillStyle = colour
    context.fillRect(x, y, width, height)
  }
  fill(colours.paper, { x: 0, y: 0, width: poster.width, height: poster.height })
  if (cover && poster.cover) {
    const { from, to } = poster.cover
    context.drawImage(
      cover,
      ...([from.x, from.y, from.width, from.height] as const),
      ...([to.x, to.y, to.width, to.height] as const),
    )
  }
  context.textBaseline = 'middle'
  for (const { text, x, y, type } of poster.lines) {
    use(type)
    context.fillStyle = colours[type.colour]
    context.fillText(text, x, y)
  }
  fill(colours.line, poster.rule)
  // A camera needs a code on white, also at night.
  fill('#ffffff', poster.code)
  drawCode(context, poster.code)
}
