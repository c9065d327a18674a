/** Everything an adopter edits to make the mini-program theirs: name, slogan, channels and their columns. */
export const site = {
  name: '科普云',
  slogan: '把科学讲明白',
  /** Shown as the publisher where a story names no other. */
  publisher: '科普云编辑部',
  /** 责编 where a manuscript names none. */
  desk: '科普云编辑部',
  /** Where readers write to; shown on 关于. */
  contact: {
    feedback: 'feedback@kepu-cloud.example',
    rights: 'rights@kepu-cloud.example',
  },
} as const

/** Channels in the order of the home page; each with its columns. Keys travel in addresses and in the database. */
export const channels = {
  frontier: { label: '前沿', columns: { astronomy: '天文', physics: '物理', materials: '材料' } },
  life: { label: '生命', columns: { animals: '动物', plants: '植物', body: '人体' } },
  earth: { label: '地球', columns: { ocean: '海洋', weather: '气象', geology: '地质' } },
  daily: { label: '生活', columns: { food: '饮食', gadgets: '器物', home: '居家' } },
} as const

/** One channel as pages read it: loosely typed, so that a story from a newer version still shows. */
export interface Channel {
  readonly label: string
  readonly columns: Readonly<Record<string, string>>
}

/** Keys also come from addresses: without a prototype, `constructor` is no channel and no column. */
const withoutPrototype = <Value>(map: Readonly<Record<string, Value>>): Record<string, Value> =>
  Object.assign(Object.create(null), map)

const byKey = withoutPrototype<Channel>(channels)
for (const key of Object.keys(byKey)) {
  const { label, columns } = byKey[key] as Channel
  byKey[key] = { label, columns: withoutPrototype(columns) }
}

/** The channel of a key, or undefined where this version does not know it. */
export function channelOf(key: string): Channel | undefined {
  return byKey[key]
}
