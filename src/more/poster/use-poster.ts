import { useCallback, useEffect, useState } from 'react'
import { call } from '#cloud/call'
import { wordsFor } from '#cloud/words'
import type { Article } from '#contract/article'
import { drawCode } from '#contract/poster'
import { noteShare } from '#features/sharing/ledger'
import { newShareMark } from '#features/sharing/share-mark'
import { lookChoice } from '#platform/look-choice'
import { pictureUrl } from '#platform/picture'
import { systemTheme } from '#platform/theme'
import { site } from '#site'
import { fullTime } from '../../text/beijing-time'
import { canvasOf, drawPoster } from './draw'

export type DrawnPoster =
  | { state: 'drawing' }
  | { state: 'drawn'; file: string }
  | { state: 'failed'; words: string }

const themeNow = () => {
  const { theme } = lookChoice()
  return theme === 'system' ? systemTheme() : theme
}

async function draw(selector: string, article: Article, mark: string): Promise<DrawnPoster> {
  let code: string
  try {
    code = (await call(drawCode, { articleId: article.id, mark })).code
  } catch (error) {
    return { state: 'failed', words: wordsFor(error) }
  }
  const cover = article.shareCover ?? article.cover
  const date = fullTime(article.publishedAt).split(' ')[0]
  try {
    const canvas = await canvasOf(selector)
    const content = {
      title: article.title,
      teaser: article.teaser,
      meta: [article.source && `来源：${article.source}`, date].filter(Boolean).join('　'),
      cover: cover ? pictureUrl(cover.src) : '',
      code,
      invitation: ['扫码阅读全文', `${site.name} · ${site.slogan}`],
    }
    return { state: 'drawn', file: await drawPoster(canvas, content, themeNow()) }
  } catch {
    return { state: 'failed', words: '这台手机没能画出海报，请用右上角的菜单分享' }
  }
}

/** Draws a story's poster on the canvas that `selector` names. A poster has one mark, also when it is drawn again. */
export function usePoster(selector: string, article: Article | undefined, parent: string) {
  const [mark] = useState(newShareMark)
  const [poster, setPoster] = useState<DrawnPoster>({ state: 'drawing' })
  const [tries, setTries] = useState(0)
  const known = article?.id
  // biome-ignore lint/correctness/useExhaustiveDependencies: the same story's fresh copy draws no other poster
  useEffect(() => {
    if (!article) return
    let here = true
    setPoster({ state: 'drawing' })
    void draw(selector, article, mark).then(drawn => {
      if (!here) return
      setPoster(drawn)
      if (drawn.state === 'drawn')
        noteShare({ articleId: article.id, channel: 'poster', mark, ...(parent ? { parent } : {}) })
    })
    return () => {
      here = false
    }
  }, [known, tries])
  const retry = useCallback(() => setTries(count => count + 1), [])
  return { poster, mark, retry }
}
