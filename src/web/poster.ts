import { create } from 'qrcode'
import * as v from 'valibot'
import { storyAddress } from '#contract/addresses'
import { type Article, openArticle } from '#contract/article'
import { ShareMark } from '#contract/ids'
import { inTime } from '#features/poster/in-time'
import type { Box } from '#features/poster/layout'
import { type Cover, paintPoster } from '#features/poster/paint'
import { posterWords } from '#features/poster/poster-words'
import { ask } from '#platform/optional'
import { pictureUrl } from '#platform/picture'
import { DocumentData } from './document-data'
import { dialog, showWords } from './overlays'

/** The story in this document, as the server wrote it. Throws if the document has none. */
function storyHere(): Article {
  const { first } = v.parse(DocumentData, JSON.parse(document.getElementById('data')?.textContent ?? ''))
  const found = first.replies.find(({ endpoint }) => endpoint === openArticle.name)
  return v.parse(openArticle.output, found?.reply.ok ? found.reply.data : undefined).article
}

/** Loads a picture that a canvas may give back: one of this address, or one whose server allows it. */
function load(src: string): Promise<Cover> {
  return new Promise((resolve, reject) => {
    const picture = new Image()
    picture.crossOrigin = 'anonymous'
    picture.onload = () => resolve(picture)
    picture.onerror = reject
    picture.src = src
  })
}

/** Draws the QR code of an address, with the white margin that cameras need. */
const codeOf = (address: string) => (context: CanvasRenderingContext2D, box: Box) => {
  const { size, data } = create(address, { errorCorrectionLevel: 'M' }).modules
  const margin = 2
  const side = box.width / (size + 2 * margin)
  context.fillStyle = '#000000'
  data.forEach((isDark, n) => {
    const [x, y] = [n % size, Math.floor(n / size)]
    // A little wider than a module: no light shows between two of them.
    if (isDark)
      context.fillRect(
        box.x + (x + margin) * side,
        box.y + (y + margin) * side,
        ...([side + 0.3, side + 0.3] as const),
      )
  })
}

const darkSystem = '(prefers-color-scheme: dark)'

const isDarkNow = (): boolean => {
  const { classList } = document.documentElement
  if (classList.contains('look--dark')) return true
  return !classList.contains('look--light') && matchMedia(darkSystem).matches
}

/** Shows the poster in a dialog, with a link that downloads it. `onClose` runs once. Returns what shows another drawing. */
function show(picture: string, { id, title }: Article, onClose: () => void): (picture: string) => void {
  const { box, close } = dialog('overlay-modal', `海报：${title}`, onClose)
  const image = box.appendChild(document.createElement('img'))
  image.src = picture
  image.alt = `海报：${title}`
  image.style.width = '100%'
  const way = (tag: 'a' | 'button', words: string) => {
    const element = box.appendChild(document.createElement(tag))
    element.className = 'overlay-button'
    element.textContent = words
    return element
  }
  const link = way('a', '下载海报') as HTMLAnchorElement
  link.href = picture
  link.download = `${id}.png`
  way('button', '关闭').addEventListener('click', close)
  return again => {
    image.src = again
    link.href = again
  }
}

/** Draws the poster of the document's story. Its code opens the story's address with a share mark. */
async function start(mark: string, end: () => void): Promise<void> {
  const article = storyHere()
  const cover = article.shareCover ?? article.cover
  const address = `${location.origin}${storyAddress(article.id)}?mark=${mark}`
  const canvas = document.createElement('canvas')
  const picture = cover && (await ask(() => inTime(load(pictureUrl(cover.src)))))
  const pictures = { cover: picture, drawCode: codeOf(address) }
  const drawn = (): string => {
    paintPoster(canvas, posterWords(article), pictures, isDarkNow() ? 'dark' : 'light')
    return canvas.toDataURL('image/png')
  }
  const system = matchMedia(darkSystem)
  const follow = () => again(drawn())
  const again = show(drawn(), article, () => {
    system.removeEventListener('change', follow)
    end()
  })
  system.addEventListener('change', follow)
}

const own = document.currentScript
/** The next tap on 生成海报 draws another poster (platform/open-poster.h5.ts). */
const end = () => own?.remove()
const given = v.safeParse(ShareMark, own?.dataset.mark)
if (given.success) {
  start(given.output, end).catch(() => {
    end()
    showWords('没能生成海报，请稍后再试')
  })
} else end()
