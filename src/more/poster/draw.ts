import Taro from '@tarojs/taro'
import { ask } from '#platform/optional'
import type { Theme } from '#platform/theme'
import { type Box, layOut, type PosterStory, type Type } from './layout'

/** Of styles/tokens.scss: a canvas reads no variables of CSS. */
export const palettes = {
  light: { paper: '#fbfaf7', ink: '#1b1b1a', soft: '#55534e', faint: '#75726b', line: '#e7e4dd' },
  dark: { paper: '#141414', ink: '#e8e6e1', soft: '#b0ada6', faint: '#8f8c86', line: '#2c2c2c' },
} as const

/** A poster has twice the pixels of its layout: sharp on phones, and readable for the camera. */
const scale = 2

type Canvas = Taro.Canvas

/** The page's canvas; rejects on phones without canvas 2d. */
export function canvasOf(selector: string): Promise<Canvas> {
  return new Promise((resolve, reject) => {
    Taro.createSelectorQuery()
      .select(selector)
      .fields({ node: true }, found => {
        const node = (found as { node?: Canvas } | null)?.node
        if (node) resolve(node)
        else reject(new Error('no canvas'))
      })
      .exec()
  })
}

/** A picture as a file that a canvas takes: it takes no `cloud://` id. */
async function fileOf(src: string): Promise<string> {
  if (src.startsWith('cloud://')) return (await Taro.cloud.downloadFile({ fileID: src })).tempFilePath
  const { tempFilePath, statusCode } = await Taro.downloadFile({ url: src })
  if (statusCode !== 200) throw new Error(`HTTP ${statusCode}`)
  return tempFilePath
}

function load(canvas: Canvas, src: string): Promise<Taro.Image> {
  return new Promise((resolve, reject) => {
    const image = canvas.createImage()
    image.onload = () => resolve(image)
    image.onerror = () => reject(new Error('no picture'))
    image.src = src
  })
}

/** A cover that does not load is left out. */
const loadCover = (canvas: Canvas, src: string): Promise<Taro.Image | undefined> =>
  ask(async () => load(canvas, await fileOf(src)))

/** A story's poster: what its layout needs, and the addresses of its pictures. */
export interface PosterContent extends Omit<PosterStory, 'cover'> {
  cover: string
  code: string
}

/** Draws a poster and returns its file's path. Rejects if the canvas or the code fails. */
export async function drawPoster(canvas: Canvas, content: PosterContent, theme: Theme): Promise<string> {
  const [cover, code] = await Promise.all([
    content.cover ? loadCover(canvas, content.cover) : undefined,
    load(canvas, content.code),
  ])
  const colours = palettes[theme]
  const context = canvas.getContext('2d') as unknown as CanvasRenderingContext2D
  const use = ({ bold, size }: Type): void => {
    context.font = `${bold ? 'bold ' : ''}${size}px sans-serif`
  }
  const poster = layOut({ ...content, cover }, (text, type) => {
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
  const place = (image: Taro.Image, { x, y, width, height }: Box): void =>
    context.drawImage(image as unknown as CanvasImageSource, x, y, width, height)
  fill(colours.paper, { x: 0, y: 0, width: poster.width, height: poster.height })
  if (cover && poster.cover) {
    const { from, to } = poster.cover
    context.drawImage(
      cover as unknown as CanvasImageSource,
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
  place(code, poster.code)
  const { tempFilePath } = await Taro.canvasToTempFilePath({ canvas, fileType: 'png' })
  return tempFilePath
}
