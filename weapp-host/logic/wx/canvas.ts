import { ApiFailure, asynchronous, type Ground, type Wx } from './api'

/** The parts of canvas 2d that a poster needs. The old canvas (without `type`) is not offered: WeChat retires it. */
export function canvasApis(ground: Ground): Wx {
  return {
    createOffscreenCanvas: (options: { type?: string; width?: number; height?: number } = {}) => {
      if (options.type !== '2d') throw new Error('createOffscreenCanvas: only type 2d is offered here')
      return ground.canvases.offscreen(options.width ?? 300, options.height ?? 150)
    },
    canvasToTempFilePath: asynchronous('canvasToTempFilePath', async options => {
      if (!options.canvas) throw new ApiFailure('canvas is empty: type 2d wants options.canvas')
      return { tempFilePath: await ground.canvases.toFile(options.canvas, options) }
    }),
  }
}
