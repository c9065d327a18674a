import type { Block } from '#contract/article'
import { writtenTime } from '#shared/publishing/written-time'
import { built, putPolls, putRows, type StoryRow } from '../support/app-cloud'
import type { CloudProcess } from '../support/local-cloud'
import { previewedDraft, previewRow } from '../support/preview-row'
import { newestFirst, sampleStories, sampleTopics } from '../support/sample-rows'

const minute = 60_000
const day = 24 * 60 * minute

/** Ids of the rows that the gallery adds to the sample stories, each with what it shows. */
export const ids = {
  /** Every kind of block, a correction, a topic, and a picture that does not exist. */
  everyBlock: 'gallery001',
  /** A title of 120 characters; no teaser, no column, no picture. */
  longTitle: 'gallery002',
  /** Words without a space, emoji, rare characters, and a right-to-left passage. */
  hardLetters: 'gallery003',
  withdrawn: 'gallery004',
  pollOpen: 'gallery005',
  pollSeveral: 'gallery006',
  pollClosed: 'gallery007',
  /** The preview of a draft with every kind of block. */
  preview: 'gallery008',
  absent: 'gallery999',
  emptyTopic: 'gallerytop',
} as const

export const longTitle =
  '同样是一杯水，为什么放在高山上八十多度就沸腾、装进高压锅里一百二十度才翻滚、封在深海热泉口三百多度却仍是液体，而到了真空里哪怕只有二十度也会一边冒泡一边结冰：从一张只有三条线的图读懂压强和温度怎样一起决定它是冰、是水，还是看不见摸不着的水汽'

const brokenPicture = '/pictures/not-there.jpg'

const everyBlock: Block[] = [
  {
    type: 'paragraph',
    spans: [
      '打雷的时候，我们总是先看见闪电，后听见雷声。光每秒走大约 30 万千米，声音在 20℃ 的空气里每秒只走 ',
      { text: '343 米', bold: true },
      '，相差将近一百万倍。这个差别就是 ',
      { text: '数秒估距离', italic: true },
      ' 的依据，另一篇里有更详细的算法：',
      { text: '看见闪电以后数几秒', story: ids.longTitle },
      '。',
    ],
  },
  {
    type: 'picture',
    src: '/pictures/count-seconds-after-lightning.jpg',
    width: 1200,
    height: 675,
    alt: '远处的云下一道闪电，近处的人抬头数秒',
    caption: '闪电和雷声同时出发，到达的时间却不同',
    credit: '科普云绘',
  },
  { type: 'heading', text: '声音靠什么传播' },
  {
    type: 'paragraph',
    spans: [
      '声音是一层层传递的疏密变化。介质越“硬”，传得越快；介质越重，传得越慢。气体的声速只随温度变，可以用一个近似式估算：',
    ],
  },
  { type: 'code', text: 'v ≈ 331.3 + 0.606 × t\nv：声速，米每秒；t：气温，摄氏度' },
  {
    type: 'paragraph',
    spans: ['写成程序也只有一行：', { text: 'speed = 331.3 + 0.606 * celsius', code: true }, '。'],
  },
  {
    type: 'table',
    head: ['介质', '温度', '声速（米/秒）', '一秒能到多远'],
    rows: [
      ['空气', '0℃', '331', '一条街的长度'],
      ['空气', '20℃', '343', '跑道绕大半圈'],
      ['淡水', '25℃', '1,497', '三站公交'],
      ['铝', '室温', '6,420', '横穿一座小城'],
    ],
  },
  {
    type: 'quote',
    spans: ['在真空里没有可以传递疏密的东西，所以太空中的爆炸是无声的；航天员出舱靠无线电交谈。'],
  },
  { type: 'heading', text: '自己动手量一量' },
  {
    type: 'list',
    ordered: true,
    items: [
      ['找一面离您一百米以上的大墙，周围要安静。'],
      ['拍手，等回声；再按回声的节奏连续拍下去，让每次拍手都和上一次的回声重合。'],
      ['数出十次用了几秒，路程是距离的二十倍，', { text: '相除就是声速', bold: true }, '。'],
    ],
  },
  {
    type: 'list',
    ordered: false,
    items: [['风会让结果偏大或偏小，来回取平均可以抵消。'], ['天冷时量一次，天热时再量一次。']],
  },
  {
    type: 'picture',
    src: brokenPicture,
    width: 1200,
    height: 800,
    alt: '操场上对着教学楼拍手的学生',
    caption: '用回声量声速',
    credit: '科普云绘',
  },
  {
    type: 'picture',
    src: '/pictures/whale-fall.jpg',
    width: 600,
    height: 1600,
    alt: '深海里的鲸骨',
    caption: '尺寸登记错了的图，也不会高过两倍半宽',
  },
  {
    type: 'paragraph',
    spans: ['下一次打雷，不妨数一数：每三秒大约一千米。'],
  },
  // As publishing writes them at the end of a story (compose-story.ts).
  { type: 'heading', text: '资料来源' },
  {
    type: 'list',
    ordered: false,
    items: [
      ['《声学基础》（第三版），第四章'],
      [
        'NIST：Speed of Sound in Air（https://www.nist.gov/publications/speed-sound-air-temperature-and-humidity）',
      ],
    ],
  },
  { type: 'paragraph', spans: ['本文含 AI 生成的图片。'] },
]

const hardLetters: Block[] = [
  {
    type: 'paragraph',
    spans: [
      '最长的英文单词之一 pneumonoultramicroscopicsilicovolcanoconiosis 指吸入火山细尘造成的尘肺；肌联蛋白的化学全名更有十八万个字母。',
    ],
  },
  { type: 'code', text: 'https://example.org/a-very-long-path-without-a-single-space/'.repeat(3) },
  {
    type: 'paragraph',
    spans: [
      '扩展区的汉字：𠮷、𪚥、𰻝；表情：🌍🔭🧪；从右往左写的一句：',
      'الضوء أسرع من الصوت',
      '，意思是光比声快。',
    ],
  },
  { type: 'heading', text: 'Deoxyribonucleic-acid-polymerase-holoenzyme 与它的缩写' },
  { type: 'quote', spans: ['A'.repeat(120)] },
  {
    type: 'table',
    head: ['名称', 'InternationalUnionOfPureAndAppliedChemistry', '值'],
    rows: [['阿伏伽德罗常数', '6.02214076×10²³ mol⁻¹', '精确值']],
  },
]

const at = (time: number) => ({ $date: new Date(time).toISOString() })

function story(_id: string, changes: Record<string, unknown>): StoryRow {
  return {
    _id,
    state: 'published',
    version: 1,
    teaser: '先看见闪电，后听见雷声：把秒数换成距离，只要一次除法。',
    channel: 'earth',
    column: 'weather',
    // Older than most sample stories, so that the home page shows the sample stories.
    publishedAt: at(Date.UTC(2026, 8, 1, 1, 30)),
    source: '科普云',
    author: '科普云编辑部',
    editor: '科普云地球组',
    tags: ['声速', '闪电'],
    blocks: [{ type: 'paragraph', spans: ['声音在 20℃ 的空气里每秒走 343 米。'] }],
    ...changes,
  }
}

const options = [
  { key: 'count', label: '数秒，再除以三' },
  { key: 'app', label: '看天气应用里的闪电图' },
  { key: 'never', label: '从来没想过，听到雷声就收衣服、关窗户、拔掉插头，然后等它过去' },
]

function poll(_id: string, changes: Record<string, unknown>): object {
  const now = Date.now()
  return {
    _id,
    question: '打雷时您怎么判断它离得多远？',
    options,
    choices: 'one',
    opensAt: writtenTime(now - 10 * day),
    closesAt: writtenTime(now + 10 * day),
    ...changes,
  }
}

const shard = (subject: string, all: Record<string, number>) => ({
  _id: `${subject}:1`,
  kind: 'shard',
  subject,
  all,
  hour: {},
  day: {},
  rev: 1,
  changedAt: at(Date.now() - day),
})

/** Every mood and time span has a ranking, except 飘过 of the last day, so that an empty ranking can be seen too. */
function boards(stories: readonly StoryRow[]): object[] {
  // Number of votes, and their share of all votes on the story.
  const places = [
    ...[
      [12_345, 0.92],
      [9_310, 0.71],
      [8_274, 0.64],
      [1_206, 0.55],
      [640, 0.38],
      [318, 0.83],
    ],
    ...[
      [97, 0.27],
      [52, 0.5],
      [31, 1],
      [12, 0.12],
      [7, 0.009],
      [3, 0.6],
    ],
  ] as [number, number][]
  const entries = places.map(([count, share], index) => {
    const row = stories[(index * 3) % stories.length] as StoryRow
    const { $date } = row.publishedAt as { $date: string }
    const total = Math.round(count / share)
    return { id: row._id, count, total, publishedAt: Date.parse($date) }
  })
  return ['happy', 'sad', 'like', 'pass'].flatMap(mood =>
    ['24h', '7d', '30d', 'all']
      .filter(span => !(mood === 'pass' && span === '24h'))
      .map(span => ({
        _id: `${mood}:${span}`,
        entries,
        floor: null,
        updatedAt: at(Date.now() - 3 * minute),
      })),
  )
}

export interface SampleData {
  /** All stories, newest first. */
  stories: StoryRow[]
  /** The longest story, which is folded. */
  folded: string
  /** A topic whose editors chose the order. */
  topic: string
}

/** Fills a cloud with the sample stories and topics and with the rows that only the gallery needs. */
export async function fillCloud(cloud: CloudProcess): Promise<SampleData> {
  await built('stories')
  const stories = newestFirst(sampleStories())
  const topics = sampleTopics()
  const topic = topics.find(row => row.stories)
  const lengthOf = (row: StoryRow) => JSON.stringify(row.blocks).length
  const [folded] = [...stories].sort((a, b) => lengthOf(b) - lengthOf(a))
  if (!topic || !folded) throw new Error('the sample stories lack a topic with an order')
  const everything = story(ids.everyBlock, {
    title: '声音跑得有多快',
    blocks: everyBlock,
    corrected: {
      at: at(Date.UTC(2026, 8, 2, 3)),
      reason: '表中铝的声速原误作 5,100 米/秒，那是细杆中的数值。',
    },
    topic: { id: topic._id, title: '时间是怎样数出来的' },
    tags: ['闪电', '声速', '计时'],
  })
  await putRows(cloud, 'articles', [
    // A corrected story stands among 相关阅读 of the folded one, and first in the rankings.
    ...stories.map(row =>
      row === folded ? { ...row, related: [ids.everyBlock, ...((row.related as string[]) ?? [])] } : row,
    ),
    everything,
    story(ids.longTitle, { title: longTitle, teaser: '', column: '', tags: [] }),
    story(ids.hardLetters, {
      title: 'Pneumonoultramicroscopicsilicovolcanoconiosis 有多长',
      blocks: hardLetters,
    }),
    story(ids.withdrawn, { title: '已撤回', state: 'withdrawn' }),
    story(ids.pollOpen, { title: '打雷离我有多远', poll: 'gallery-open' }),
    story(ids.pollSeveral, { title: '雷雨天您会做什么', poll: 'gallery-several' }),
    story(ids.pollClosed, { title: '雷声为什么拖得那么长', poll: 'gallery-closed' }),
  ])
  await putRows(cloud, 'publishedTopics', [
    ...topics.map(row => (row === topic ? { ...row, poll: 'gallery-topic' } : row)),
    {
      _id: ids.emptyTopic,
      state: 'published',
      title: '雷雨季',
      lead: '一场雷雨从生到散，只要半个小时。',
      publishedAt: at(Date.UTC(2026, 7, 1)),
      stories: [],
    },
  ])
  await putPolls(cloud, [
    poll('gallery-open', { articleId: ids.pollOpen }),
    poll('gallery-topic', { topicId: topic._id }),
    poll('gallery-several', {
      articleId: ids.pollSeveral,
      question: '雷雨天您会做哪些准备？（可以选几项）',
      choices: 'several',
      options: [
        { key: 'window', label: '关好门窗' },
        { key: 'plug', label: '拔掉不用的插头' },
        { key: 'tree', label: '离开大树和空旷的地方' },
        { key: 'bath', label: '不洗淋浴' },
      ],
    }),
    poll('gallery-closed', { articleId: ids.pollClosed, closesAt: writtenTime(Date.now() - day) }),
  ])
  await putRows(cloud, 'votes', [
    shard(`mood:${folded._id}`, { happy: 128, sad: 3, like: 12_345, pass: 17 }),
    shard('poll:gallery-open', { count: 412, app: 96, never: 1205, _: 1713 }),
    shard('poll:gallery-several', { window: 930, plug: 512, tree: 388, bath: 77, _: 1020 }),
    shard('poll:gallery-closed', { count: 6210, app: 4077, never: 2120, _: 12_407 }),
  ])
  await putRows(cloud, 'rankings', boards([everything, ...stories]))
  await putRows(cloud, 'drafts', [previewedDraft])
  await putRows(cloud, 'previews', [previewRow(ids.preview, { ...everything, poll: 'gallery-open' })])
  return { stories, folded: folded._id, topic: topic._id }
}
