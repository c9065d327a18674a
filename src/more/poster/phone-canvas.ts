import Taro from '@tarojs/taro'
import type { Cover, PosterCanvas } from '#features/poster/paint'

/** WeChat's canvas 2d has what a browser's has, and makes pictures. */
export interface PhoneCanvas extends PosterCanvas {
  createImage: () => { src: string; onload: (() => void) | null; onerror: (() => void) | null } & Cover
}

/** The page's canvas, once the page is drawn. Rejects on phones without canvas 2d. */
export async function canvasOf(selector: string): Promise<PhoneCanvas> {
  await new Promise<void>(resolve => {
    Taro.nextTick(() => resolve())
  })
  // Not in the callback of `nextTick`: an exception there rejects nothing.
  return new Promise((resolve, reject) => {
    Taro.createSelectorQuery()
      .select(selector)
      .fields({ node: true }, found => {
        const node = (found as { node?: PhoneCanvas } | null)?.node
        if (node) resolve(node)
        else reject(new Error('no canvas'))
      })
      .exec()
  })
}

/** Downloads a picture: a canvas takes no `cloud://` id. */
export async function download(src: string): Promise<string> {
  if (src.startsWith('cloud://')) return (await Taro.cloud.downloadFile({ fileID: src })).tempFilePath
  const { tempFilePath, statusCode } = await Taro.downloadFile({ url: src })
  if (statusCode !== 200) throw new Error(`HTTP ${statusCode}`)
  return tempFilePath
}

/** A picture that the canvas can draw. Rejects if it cannot be read. */
export function loadPicture(canvas: PhoneCanvas, src: string): Promise<Cover> {
  return new Promise((resolve, reject) => {
    const image = canvas.createImage()
    image.onload = () => resolve(image)
    image.onerror = () => reject(new Error('no picture'))
    image.src = src
  })
}

/** Writes the canvas to a file, pixel by pixel, and returns its path. */
export async function fileOf(canvas: PhoneCanvas): Promise<string> {
  const { width, height } = canvas
  const { tempFilePath } = await Taro.canvasToTempFilePath({
    canvas: canvas as unknown as Taro.Canvas,
    fileType: 'png',
    ...{ x: 0, y: 0, width, height, destWidth: width, destHeight: height },
  })
  return tempFilePath
}
