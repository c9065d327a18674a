import Taro from '@tarojs/taro'
import { isSinglePage } from './single-page'

/** WeChat's limit: an eleventh page is refused (wx.navigateTo). */
const stackLimit = 10

/** Pages of the tab bar: only switchTab opens them, and it takes no query. */
export const tabs = {
  home: '/pages/home/index',
  ranking: '/pages/ranking/index',
  shelf: '/pages/shelf/index',
} as const

let leaving = false

/** A second tap while a page is turning would push the same page twice. */
async function once(turn: () => Promise<unknown>): Promise<void> {
  if (leaving) return
  leaving = true
  try {
    await turn()
  } catch {
    // The platform refuses while another page is turning; the reader's next tap works.
  } finally {
    leaving = false
  }
}

/**
 * Opens a page of ours by its address (`/pages/…`, `/more/…`). The tenth step replaces the page shown instead of being
 * refused. Nothing happens in single-page mode, where every route API is off.
 */
export function openPage(url: string): void {
  if (isSinglePage()) return
  const path = url.split('?')[0] ?? url
  if (Object.values<string>(tabs).includes(path)) {
    void once(() => Taro.switchTab({ url: path }))
    return
  }
  const full = Taro.getCurrentPages().length >= stackLimit
  void once(() => (full ? Taro.redirectTo({ url }) : Taro.navigateTo({ url })))
}

/** The address of a story's page; also what a link on the web points to. */
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

/** The ranking by mood and span: a tab takes no query in WeChat (navigate.h5.ts has one). */
export function rankingUrl(_mood: string, _span: string): string {
  return tabs.ranking
}

export const searchUrl = '/more/search/index'
export const aboutUrl = '/more/about/index'
export const lostUrl = '/more/lost/index'
