/**
 * The messages between the logic half (the mini-program's own code) and the view half (its rendered pages). As in WeChat,
 * the halves share nothing. Every message is JSON text and arrives asynchronously, so race conditions show up.
 */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/** How the app was opened: what `getEnterOptionsSync` and `onLaunch` give. */
export interface EnterOptions {
  path: string
  query: Record<string, string>
  scene: number
  referrerInfo: Record<string, Json>
  shareTicket?: string
  /** `browseOnly` in Moments' single-page mode. */
  apiCategory?: string
}

export type Theme = 'light' | 'dark'

/** The phone. Lengths are in CSS pixels. */
export interface Device {
  width: number
  height: number
  pixelRatio: number
  theme: Theme
  /** WeChat's own font size as a factor. 1 is the default. */
  fontScale: number
  platform: 'ios' | 'android'
  online: boolean
  /** Network type while online. */
  networkType: string
}

/** The fields of a page's or component's JSON that the host reads. */
export interface PageConfig {
  navigationBarTitleText?: string
  navigationBarBackgroundColor?: string
  navigationBarTextStyle?: string
  navigationStyle?: string
  backgroundColor?: string
  enablePullDownRefresh?: boolean
  onReachBottomDistance?: number
  /** `float`: the bar of single-page mode lies over the page; `squeezed`: above it. */
  singlePage?: { navigationBarFit?: string }
  component?: boolean
  styleIsolation?: string
  usingComponents?: Record<string, string>
}

export interface TabItem {
  pagePath: string
  text: string
  iconPath?: string
  selectedIconPath?: string
}

export interface TabBar {
  color?: string
  selectedColor?: string
  backgroundColor?: string
  borderStyle?: string
  list: TabItem[]
}

export interface AppConfig {
  pages: string[]
  subPackages: { root: string; pages: string[] }[]
  window: PageConfig
  tabBar?: TabBar
  usingComponents?: Record<string, string>
  /** Content of `theme.json`: keys by mode. */
  theme?: Record<Theme, Record<string, string>>
}

/** The parts of a built mini-program that the logic half needs. */
export interface Program {
  app: AppConfig
  /** Page and component json by path without extension. */
  json: Record<string, PageConfig>
  /** JavaScript by path without extension. */
  scripts: Record<string, string>
}

/**
 * How an API of `wx` fails: `missing` as on an older base library; `throws` when it is called; `fails` through its `fail`
 * callback or its promise, or by throwing where it has neither; `refused` likewise, because the reader does not permit it.
 */
export type ApiFault = 'missing' | 'throws' | 'fails' | 'refused'

/** Start parameters of the logic half. */
export interface Boot {
  program: Program
  enter: EnterOptions
  device: Device
  /** APIs that fail, by name: `showToast`, `cloud.callFunction`. */
  faults: Record<string, ApiFault>
  /** Content of the storage: JSON text by key. */
  storage: Record<string, string>
  /** Whether canvases wait for the Chinese font. */
  chineseOnCanvas?: boolean
}

/** One recorded `setData`. */
export interface DataEntry {
  page: string
  /** Size of the JSON text in UTF-8. */
  bytes: number
  keys: string[]
  json: string
  /** Milliseconds of the logic's own clock. */
  at: number
}

/** One `wx.*` call. */
export interface CallEntry {
  name: string
  args: Json[]
  at: number
}

/** One share, with what the page's handler returned. */
export interface ShareEntry {
  kind: 'friend' | 'moments' | 'favorite' | 'link'
  from: 'menu' | 'button'
  page: string
  result: Json
}

/** Names of a component's methods, its properties, data and options. */
export interface ComponentShape {
  methods: string[]
  /** Property name → name of its type, and its initial value. */
  properties: Record<string, { type: string; value: Json }>
  data: Record<string, Json>
  options: Record<string, Json>
}

export interface PageBar {
  title: string
  background: string
  text: string
}

export type ToView =
  | {
      type: 'open'
      page: number
      path: string
      shape: ComponentShape
      components: Record<string, ComponentShape>
      bar: PageBar
      tab: number
      reachBottomDistance: number
      pullDown: boolean
    }
  | { type: 'data'; page: number; node: number; json: string; ack: number }
  | { type: 'show' | 'hide' | 'close'; page: number }
  | { type: 'storage'; entries: Record<string, string> }
  | { type: 'do'; name: string; args: Json }
  | { type: 'ask'; id: number; name: string; page: number; args: Json }
  | { type: 'observe'; page: number; observer: number; args: Json }
  | { type: 'unobserve'; page: number; observer: number }
  | { type: 'fetch'; id: number; name: string; args: Json }
  | { type: 'abort'; id: number }
  | { type: 'replied'; id: number; value: Json }
  | { type: 'failed'; id: number; message: string }

export type ToLogic =
  | { type: 'event'; page: number; node: number; component: string; handler: string; event: Json }
  | { type: 'applied'; ack: number }
  | { type: 'ready'; page: number }
  | { type: 'scrolled'; page: number; scrollTop: number }
  | { type: 'reached-bottom'; page: number }
  | { type: 'pulled-down'; page: number }
  | { type: 'answered'; id: number; value: Json }
  | { type: 'refused'; id: number; message: string; code?: number }
  | { type: 'intersected'; page: number; observer: number; value: Json }
  | { type: 'device'; device: Device }
  | { type: 'shared-by-button'; page: number; target: Json }
  | { type: 'tab'; index: number }
  | { type: 'fault'; message: string }
  | { type: 'order'; id: number; name: string; args: Json }

/** Sends a message to the other half. */
export interface Port {
  send(text: string): void
}

/** Everything that the logic half has recorded: the answer to the order `record`. */
export interface LogicRecord {
  data: DataEntry[]
  calls: CallEntry[]
  shares: ShareEntry[]
  violations: string[]
  errors: string[]
  stack: { path: string; query: Record<string, string> }[]
  /** ID of the top page. */
  top: number
  /** Modules evaluated so far, by path without extension. */
  modules: string[]
  /** Every name that `wx` offers, members of `wx.cloud` as `cloud.…`. */
  apis: string[]
}
