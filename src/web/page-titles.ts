import { type Mood, moods } from '#contract/mood'
import { type RankingSpan, rankingSpans } from '#contract/ranking'
import type { PageHead } from '#platform/page-head'
import { channelOf, site } from '#site'

/** Titles and descriptions of pages whose title comes from their configuration in WeChat. */
export function headOf(name: string, params: Readonly<Record<string, string>>): PageHead {
  switch (name) {
    case 'home':
      return { title: `${site.name}：${site.slogan}`, words: site.slogan }
    case 'channel': {
      const label = channelOf(params.channel ?? '')?.label ?? ''
      return { title: label, words: `${label}频道的科普文章` }
    }
    case 'ranking': {
      const mood = moods[params.mood as Mood]
      const span = rankingSpans[params.span as RankingSpan]
      return { title: `新闻表情排行：${mood} · ${span}`, words: `哪些文章让读者${mood}：${span}的投票` }
    }
    case 'search':
      return { title: params.q ? `搜索：${params.q}` : '搜索' }
    case 'shelf':
      return { title: '书架' }
    case 'about':
      return { title: '关于', words: `${site.name}：意见反馈、侵权投诉、隐私` }
    case 'principles':
      return { title: '采编和更正原则', words: `${site.name}怎样选题、写作、审核和更正` }
    case 'offline':
      return { title: '没有网络' }
    case 'withdrawn':
      return { title: '文章已撤回' }
    default:
      return { title: '页面找不到了' }
  }
}
