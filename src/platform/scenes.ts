import type { Way } from '#contract/sharing'

export const momentsScene = 1154

/** 搜一搜's crawler (WeChat docs, 搜索优化指南). Its visits are no openings. */
export const crawlerScene = 1129

/** WeChat's numbers for entries (WeChat docs, 场景值), by the way in. Any other number is `other`. */
export const scenesByWay: { readonly [way in Way]?: readonly number[] } = {
  friend: [1007, 1036, 1096],
  // 1044 is a card with a shareTicket, which WeChat gives only for groups.
  group: [1008, 1044, 1158, 1160, 1185],
  // 1155 is 前往小程序 below a story that was opened from Moments.
  moments: [momentsScene, 1155],
  // A mini-code, or a QR code: scanned, pressed long, or chosen from the album.
  poster: [1011, 1012, 1013, 1047, 1048, 1049],
  link: [1065, 1167, 1194],
  favourites: [1010],
}

/** The way in of a scene; undefined if the visitor is no reader. */
export function wayOf(scene: number | undefined): Way | undefined {
  if (scene === crawlerScene) return undefined
  const found = Object.entries(scenesByWay).find(([, scenes]) => scenes.includes(scene ?? 0))
  return (found?.[0] ?? 'other') as Way
}
