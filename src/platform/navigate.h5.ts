import {
  aboutAddress,
  channelAddress,
  homeAddress,
  principlesAddress,
  rankingAddress,
  rankingOf,
  searchAddress,
  shelfAddress,
  storyAddress,
  topicAddress,
} from '#contract/addresses'

/** Web version of navigate.ts: each page is a document with its own address. */
export const tabs = { home: homeAddress, ranking: rankingAddress, shelf: shelfAddress } as const
export const storyUrl = storyAddress
export const topicUrl = topicAddress
export const channelUrl = channelAddress
export const rankingUrl = rankingOf
export const searchUrl = searchAddress
export const aboutUrl = aboutAddress
export const principlesUrl = principlesAddress

export function openPage(url: string): void {
  location.assign(url)
}
