/** Everything you edit to make the mini-program your own: name, slogan, filings, channels and their columns. */
export const site = {
  name: '科普云',
  slogan: '把科学讲明白',
  /** The picture of shared cards that have none of their own: an address, or a path on the site. JPEG or PNG, 5:4. */
  picture: '/pictures/aerogel-frozen-smoke.jpg',
  /** The publisher of a story that names no other. */
  publisher: '科普云编辑部',
  /** 责编 of a manuscript that names none. */
  desk: '科普云编辑部',
  /** Addresses for letters from readers; shown on 关于. */
  contact: {
    feedback: 'feedback@kepu-cloud.example',
    rights: 'rights@kepu-cloud.example',
  },
} as const

/** 备案 numbers, which the site's footer must show in mainland China; an empty one is left out. */
export const filings = {
  icp: '京ICP备00000000号-1',
  police: '京公网安备00000000000000号',
} as const

/**
 * The version of the mini-program that a preview's mini-code opens: `trial` (体验版, for its testers only), or `release`
 * once the mini-program is released.
 */
export const previewVersion: 'develop' | 'trial' | 'release' = 'trial'

/**
 * Settings of the site, which the mini-program does not read.
 *
 * A signature for WeChat's JS-SDK is not among them: with it the owner of a verified 公众号 chooses the card that WeChat
 * shows of a link to the site. docs/found.md says what it would take.
 */
export interface WebSettings {
  /**
   * Picture of the mini-program's code (小程序码), square: a `cloud://` id, an `https://` address, or a path of the site. The
   * site shows it where it tells a visitor to vote in WeChat. If empty, the site says the program's name instead.
   */
  readonly miniCode: string
  /**
   * The page that says how errors are corrected, for search engines: a path of the site or an `https://` address.
   * `/principles` shows src/principles.md.
   */
  readonly correctionsPolicy: string
  /** Whether stories tell their times in the forms that Baidu's and Toutiao's (头条) search ask for. */
  readonly baidu: boolean
  readonly toutiao: boolean
  /**
   * How search engines and WeChat verify that the site is yours. `metas` go into the head of the home page, such as
   * `'baidu-site-verification': 'codeva-…'`. `files` are served at the root of the site under their names, such as
   * `'MP_verify_….txt': '…'`: names of letters, digits, `.`, `_` and `-` that end with .txt, .html or .xml.
   */
  readonly verification: {
    readonly metas: Readonly<Record<string, string>>
    readonly files: Readonly<Record<string, string>>
  }
}

export const web: WebSettings = {
  miniCode: '',
  correctionsPolicy: '/principles',
  baidu: false,
  toutiao: false,
  verification: { metas: {}, files: {} },
}

/** Pictures of stories. `*.host` stands for all hosts below it. */
export const pictures: {
  readonly hosts: readonly string[]
  readonly copied: readonly string[]
  readonly thumbnails: boolean
} = {
  /** Hosts whose pictures stories may show, over https. */
  hosts: ['mmbiz.qpic.cn', '*.tcb.qcloud.la'],
  /** Those of them that show their pictures only on their own pages: publishing copies the picture into the storage. */
  copied: ['mmbiz.qpic.cn'],
  /**
   * Whether lists show small versions of pictures in the cloud's storage, which the storage itself makes. Switch its image
   * processing (图片处理) on in the console first: it is charged by use. Stories follow at their next publication.
   */
  thumbnails: false,
}

/** Channels in the order of the home page, with their columns. Addresses and the database contain the keys. */
export const channels = {
  frontier: { label: '前沿', columns: { astronomy: '天文', physics: '物理', materials: '材料' } },
  life: { label: '生命', columns: { animals: '动物', plants: '植物', body: '人体' } },
  earth: { label: '地球', columns: { ocean: '海洋', weather: '气象', geology: '地质' } },
  daily: { label: '生活', columns: { food: '饮食', gadgets: '器物', home: '居家' } },
} as const

/** A channel as pages read it. Keys are plain strings, so that pages can show a story from a newer version. */
export interface Channel {
  readonly label: string
  readonly columns: Readonly<Record<string, string>>
}

/** Keys also come from addresses. Without a prototype, the key `constructor` finds no channel and no column. */
const withoutPrototype = <Value>(map: Readonly<Record<string, Value>>): Record<string, Value> =>
  Object.assign(Object.create(null), map)

const byKey = withoutPrototype<Channel>(channels)
for (const key of Object.keys(byKey)) {
  const { label, columns } = byKey[key] as Channel
  byKey[key] = { label, columns: withoutPrototype(columns) }
}

/** The channel of a key, or undefined if this version does not have it. */
export function channelOf(key: string): Channel | undefined {
  return byKey[key]
}
