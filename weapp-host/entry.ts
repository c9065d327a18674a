import type { ApiFault, Boot, Device, EnterOptions, Program } from './protocol'

/** How a card, a code or the launcher names a page. */
export interface Card {
  /** Without leading slash; the home page if absent. */
  path?: string
  query?: Record<string, string>
  /** 1001 the launcher, 1007 a friend's card, 1154 Moments. */
  scene?: number
}

/** An iPhone of 390 × 844 in daylight, on Wi-Fi. */
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

/** A card as the app is told of it. The query's values are encoded as they stand in a url. */
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
  }
}

/** What a cold start by a card gives the logic half. */
export function bootOf(
  program: Program,
  card: Card,
  device: Device,
  storage: Record<string, string>,
  faults: Record<string, ApiFault> = {},
): Boot {
  return { program, enter: enterOptions(program, card), device, faults, storage }
}
