import type { Canvases } from './wx/api'

interface Wire {
  post: (message: unknown, transfer?: Transferable[]) => void
  listen: (type: string, listener: (event: never) => void) => void
}

/** A picture of WeChat's canvas: set `src` and wait for `onload`. */
interface CanvasImage {
  src: string
  width: number
  height: number
  onload: (() => void) | null
  onerror: ((error: unknown) => void) | null
}

const chineseFont = 'Noto Sans SC'

const bitmaps = new WeakMap<object, ImageBitmap>()

/** Canvases of the browser host. The logic's thread draws on the page's own canvas, as on a phone. */
export function createCanvases({ post, listen }: Wire): Canvases & { writeChinese: () => void } {
  const waiting = new Map<number, (canvas: unknown) => void>()
  const known = new Map<string, unknown>()
  const { createImageBitmap, fetch, FontFace, OffscreenCanvas } = globalThis
  const { fonts } = globalThis as unknown as { fonts: { add: (face: FontFace) => unknown } }
  let fontsLoaded: Promise<unknown> = Promise.resolve()
  let nextId = 1
  let nextFile = 1

  listen('message', (event: MessageEvent) => {
    const message: unknown = event.data
    if (typeof message !== 'object' || message === null || !('canvasId' in message)) return
    const { canvasId, canvas } = message as { canvasId: number; canvas: OffscreenCanvas | null }
    waiting.get(canvasId)?.(canvas ? dress(canvas) : null)
    waiting.delete(canvasId)
  })

  /** Loads the Chinese font of pages (site.ts) for this thread. A canvas does not wait for a font that it needs. */
  async function loadFonts(): Promise<void> {
    const css = await (await fetch('/fonts.css')).text()
    const faces = css.matchAll(/src: (url\([^)]+\))[^;]*;\s*unicode-range: ([^;]+);/g)
    await Promise.all(
      Array.from(faces, ([, source = '', unicodeRange = '']) => {
        const face = new FontFace(chineseFont, source, { weight: '100 900', unicodeRange })
        fonts.add(face)
        return face.load()
      }),
    )
  }

  function createImage(): CanvasImage {
    let source = ''
    const image: CanvasImage = {
      width: 0,
      height: 0,
      onload: null,
      onerror: null,
      get src() {
        return source
      },
      set src(value: string) {
        source = value
        // WeChat's canvas takes no cloud id. A path names a file of the package, relative to its root.
        const address = /^\w+:/.test(value) ? value : `/${value.replace(/^\//, '')}`
        Promise.resolve(value.startsWith('cloud://') ? Promise.reject(new Error(value)) : fetch(address))
          .then(reply => (reply.ok ? reply.blob() : Promise.reject(new Error(`HTTP ${reply.status}`))))
          .then(blob => createImageBitmap(blob))
          .then(
            bitmap => {
              bitmaps.set(image, bitmap)
              image.width = bitmap.width
              image.height = bitmap.height
              image.onload?.()
            },
            error => image.onerror?.({ errMsg: `fail ${String(error)}` }),
          )
      },
    }
    return image
  }

  /** Adds WeChat's API to a browser's canvas: createImage, and drawImage with its pictures. */
  function dress(canvas: OffscreenCanvas): unknown {
    const context = canvas.getContext('2d')
    if (context) {
      const draw = context.drawImage.bind(context) as (...args: unknown[]) => void
      Object.assign(context, {
        drawImage: (picture: object, ...rest: unknown[]) => draw(bitmaps.get(picture) ?? picture, ...rest),
      })
      const font = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(context), 'font')
      Object.defineProperty(context, 'font', {
        get: () => font?.get?.call(context),
        set: (value: string) => font?.set?.call(context, `${value}, '${chineseFont}'`),
      })
    }
    return Object.assign(canvas, {
      createImage,
      requestAnimationFrame: (run: () => void) => setTimeout(run, 16),
    })
  }

  /** Copies the requested part of a canvas at the requested size. Lengths in the canvas's own pixels. */
  function cut(canvas: OffscreenCanvas, options: Record<string, unknown>): OffscreenCanvas {
    const given = (name: string, otherwise: number) => {
      const value = options[name]
      return typeof value === 'number' ? value : otherwise
    }
    const [x, y] = [given('x', 0), given('y', 0)]
    const [width, height] = [given('width', canvas.width - x), given('height', canvas.height - y)]
    const part = new OffscreenCanvas(given('destWidth', width), given('destHeight', height))
    part.getContext('2d')?.drawImage(canvas, x, y, width, height, 0, 0, part.width, part.height)
    return part
  }

  return {
    writeChinese() {
      fontsLoaded = loadFonts()
    },
    async find(page, selector) {
      await fontsLoaded
      const key = `${page} ${selector}`
      const before = known.get(key)
      if (before) return before
      const id = nextId++
      post({ canvasId: id, page, selector })
      return new Promise(resolve => {
        waiting.set(id, canvas => {
          if (canvas) known.set(key, canvas)
          resolve(canvas)
        })
      })
    },
    offscreen: (width, height) => dress(new OffscreenCanvas(width, height)),
    async toFile(canvas, options) {
      const type = options.fileType === 'jpg' ? 'image/jpeg' : 'image/png'
      const { quality } = options
      const blob = await cut(canvas as OffscreenCanvas, options).convertToBlob({
        type,
        ...(typeof quality === 'number' ? { quality } : {}),
      })
      const path = `wxfile://tmp_${nextFile++}.${type === 'image/png' ? 'png' : 'jpg'}`
      post({ file: path, blob })
      return path
    },
  }
}
