import { useCallback, useEffect, useState } from 'react'
import { call } from '#cloud/call'
import { wordsFor } from '#cloud/words'
import type { Article } from '#contract/article'
import { drawCode } from '#contract/poster'
import { inTime } from '#features/poster/in-time'
import type { Box } from '#features/poster/layout'
import { paintPoster } from '#features/poster/paint'
import { posterWords } from '#features/poster/poster-words'
import { noteShare } from '#features/sharing/ledger'
import { newShareMark } from '#features/sharing/share-mark'
import { lookChoice, onLookChoice } from '#platform/look-choice'
import { ask } from '#platform/optional'
import { pictureUrl } from '#platform/picture'
import { onSystemTheme, systemTheme, type Theme } from '#platform/theme'
import { canvasOf, download, fileOf, loadPicture } from './phone-canvas'

export type DrawnPoster =
  | { state: 'drawing' }
  | { state: 'drawn'; file: string; mark: string }
  | { state: 'failed'; words: string }

interface Code {
  mark: string
  /** The mini-code as an address of a picture. Missing until the cloud has drawn it. */
  picture?: string
  /** Whether the share is recorded: once for each mark. */
  isNoted?: boolean
}

/** Codes by story, until the program ends: a story's poster is drawn again with the same one. */
const codes = new Map<string, Code>()
const codesAtMost = 10

function codeOf(id: string): Code {
  const known = codes.get(id) ?? { mark: newShareMark() }
  codes.delete(id)
  codes.set(id, known)
  const [oldest] = codes.keys()
  if (codes.size > codesAtMost && oldest) codes.delete(oldest)
  return known
}

const themeNow = (): Theme => {
  const { theme } = lookChoice()
  return theme === 'system' ? systemTheme() : theme
}

/** The theme of the page, which may change while the poster is open. */
function useTheme(): Theme {
  const [theme, setTheme] = useState(themeNow)
  useEffect(() => {
    const follow = () => setTheme(themeNow())
    const ends = [onSystemTheme(follow), onLookChoice(follow)]
    return () => {
      for (const end of ends) end()
    }
  }, [])
  return theme
}

/** Resolves to undefined, and paints nothing, if `isWanted` says no by the time that the pictures have loaded. */
async function draw(
  selector: string,
  article: Article,
  code: Code,
  theme: Theme,
  isWanted: () => boolean,
): Promise<DrawnPoster | undefined> {
  try {
    code.picture ??= (await call(drawCode, { articleId: article.id, mark: code.mark })).code
  } catch (error) {
    return { state: 'failed', words: wordsFor(error) }
  }
  const { picture } = code
  const cover = article.shareCover ?? article.cover
  try {
    const canvas = await canvasOf(selector)
    const [coverPicture, codePicture] = await Promise.all([
      cover && ask(() => inTime(download(pictureUrl(cover.src)).then(file => loadPicture(canvas, file)))),
      loadPicture(canvas, picture),
    ])
    const pictures = {
      cover: coverPicture,
      drawCode: (context: CanvasRenderingContext2D, { x, y, width, height }: Box) =>
        context.drawImage(codePicture, x, y, width, height),
    }
    // Another drawing of the same canvas may have begun meanwhile.
    if (!isWanted()) return undefined
    paintPoster(canvas, posterWords(article), pictures, theme)
    return { state: 'drawn', file: await fileOf(canvas), mark: code.mark }
  } catch {
    return { state: 'failed', words: '这台手机没能画出海报，请用右上角的菜单分享' }
  }
}

/** Draws a story's poster on the canvas that `selector` names. `parent` is the mark by which the reader came. */
export function usePoster(selector: string, article: Article | undefined, parent: string) {
  const [poster, setPoster] = useState<DrawnPoster>({ state: 'drawing' })
  const [tries, setTries] = useState(0)
  const theme = useTheme()
  const known = article?.id
  // biome-ignore lint/correctness/useExhaustiveDependencies: the same story's fresh copy draws no other poster
  useEffect(() => {
    if (!article) return
    let here = true
    const code = codeOf(article.id)
    setPoster({ state: 'drawing' })
    void draw(selector, article, code, theme, () => here).then(drawn => {
      if (!here || !drawn) return
      setPoster(drawn)
      if (drawn.state !== 'drawn' || code.isNoted) return
      code.isNoted = true
      const { mark } = drawn
      noteShare({ articleId: article.id, channel: 'poster', mark, ...(parent ? { parent } : {}) })
    })
    return () => {
      here = false
    }
  }, [known, tries, theme])
  const retry = useCallback(() => setTries(count => count + 1), [])
  return { poster, retry }
}
