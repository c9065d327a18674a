import type { ApiFault, Boot, Device, EnterOptions, Program } from './protocol'

/** A page as a card, a code or the launcher names it. */
export interface Card {
  /** Without leading slash. Default: the home page. */
  path?: string
  query?: Record<string, string>
  /** 1001 launcher (default), 1007 a friend's card, 1154 Moments. */
  scene?: number
  /** How WeChat classes the entry. Default: `browseOnly` in Moments, otherwise absent, as in older versions. */
  apiCategory?: string
}

/** An iPhone with 390 × 844 pixels, in light mode, on Wi-Fi. */
export const defaultDevice: Device = {
  width: 390,
  height: 844,
  pixelRatio: 3,
  theme: 'light',
  fontScale: 1,
  platform: 'ios',
  online: true,
  networkType: 'wifi',
}

/** Moments opens a story in single-page mode (WeChat docs, 场景值). */
export const momentsScene = 1154

/** A card as the app receives it. The query's values are URL-encoded, as in WeChat. */
export function enterOptions(program: Program, card: Card): EnterOptions {
  const scene = card.scene ?? 1001
  const query = Object.fromEntries(
    Object.entries(card.query ?? {}).map(([key, value]) => [key, encodeURIComponent(value)]),
  )
  return {
    path: card.path ?? program.app.pages[0] ?? '',
    query,
    scene,
    referrerInfo: {},
    ...(scene === momentsScene ? { apiCategory: 'browseOnly' } : {}),
    ...(card.apiCategory === undefined ? {} : { apiCategory: card.apiCategory }),
  }
}

/** What the logic half needs for a cold start by a card. */
export function bootOf(
  program: Program,
  card: Card,
  device: Device,
  storage: Record<string, string>,
  faults: Record<string, ApiFault> = {},
): Boot {
  return { program, enter: enterOptions(program, card), device, faults, storage }
}
