import Taro from '@tarojs/taro'
import { can } from './abilities'

/** WeChat's limit: it refuses an eleventh page (wx.navigateTo). */
const stackLimit = 10

/** Pages of the tab bar: only switchTab opens them, and it accepts no query. */
export const tabs = {
  home: '/pages/home/index',
  ranking: '/pages/ranking/index',
  shelf: '/pages/shelf/index',
} as const

const topPage = () => Taro.getCurrentPages().slice(-1)[0]

let leaving = false
/** The address that the last tap opened, and its page. */
let opened: { url: string; page: unknown } | undefined

/**
 * A second tap during the page transition would push the same page twice. So would a tap that a slow phone delivers
 * after the transition.
 */
async function once(url: string, turn: () => Promise<unknown>): Promise<void> {
  if (leaving || (opened?.url === url && opened.page === topPage())) return
  leaving = true
  try {
    await turn()
    opened = { url, page: topPage() }
  } catch {
    // The platform refuses during another page transition. The reader's next tap works.
  } finally {
    leaving = false
  }
}

/**
 * Opens one of our pages by its address (`/pages/…`, `/more/…`). The tenth page on the stack is replaced, because
 * WeChat would refuse another one. Does nothing in single-page mode, which disables every navigation API.
 */
export function openPage(url: string): void {
  if (!can('navigate')) return
  const path = url.split('?')[0] ?? url
  if (Object.values<string>(tabs).includes(path)) {
    void once(url, () => Taro.switchTab({ url: path }))
    return
  }
  const full = Taro.getCurrentPages().length >= stackLimit
  void once(url, () => (full ? Taro.redirectTo({ url }) : Taro.navigateTo({ url })))
}

/** The address of a story's page, also for links on the web. */
export function storyUrl(id: string): string {
  return `/pages/article/index?id=${id}`
}

/** The address of a topic's page. */
export function topicUrl(id: string): string {
  return `/more/topic/index?id=${id}`
}

/** The address of a channel's page, or of one of its columns. */
export function channelUrl(channel: string, column?: string): string {
  return `/more/channel/index?channel=${channel}${column ? `&column=${column}` : ''}`
}

/**
 * The address of the ranking. In WeChat it has no mood or span, because a tab accepts no query (navigate.h5.ts adds
 * them).
 */
export function rankingUrl(_mood: string, _span: string): string {
  return tabs.ranking
}

export const searchUrl = '/more/search/index'
export const aboutUrl = '/more/about/index'
export const principlesUrl = '/more/principles/index'
export const lostUrl = '/more/lost/index'
