import { isAiNotice } from '#contract/ai-notice'
import type { Article } from '#contract/article'
import { site } from '#site'
import { fullTime } from '../../text/beijing-time'
import type { PosterWords } from './layout'

/** What a poster says: of its story, and beside its code. */
export function posterWords(article: Article): PosterWords {
  const { title, teaser, source, publishedAt, blocks } = article
  const last = blocks.at(-1)
  const ending = last?.type === 'paragraph' ? last.spans[0] : undefined
  return {
    title,
    teaser,
    meta: [source && `来源：${source}`, fullTime(publishedAt).slice(0, 10)].filter(Boolean).join('　'),
    notice: typeof ending === 'string' && isAiNotice(ending) ? ending : '',
    invitation: ['扫码阅读全文', `${site.name} · ${site.slogan}`],
  }
}
