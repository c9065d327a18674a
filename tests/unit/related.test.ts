import fc from 'fast-check'
import { chooseRelated, type Neighbour, relatedKept } from '#shared/publishing/choose-related'
import { sampleStories } from '../support/sample-rows'

const story = (id: string, fields: Partial<Neighbour> = {}): Neighbour => ({
  id,
  title: id,
  teaser: '',
  tags: [],
  channel: 'earth',
  column: 'weather',
  publishedAt: 500,
  terms: [],
  ...fields,
})

const anyStories = fc.array(
  fc.record({
    id: fc.constantFrom('self0000', ...Array.from({ length: 20 }, (_, n) => `story${n}00`)),
    title: fc.stringMatching(/^[极光磁场鲸落深海]{1,8}$/),
    publishedAt: fc.nat(),
    column: fc.constantFrom('weather', 'ocean'),
    tags: fc.subarray(['极光', '磁场', '氧', '鲸']),
  }),
  { maxLength: 30 },
)

describe('相关阅读', () => {
  const self = story('self0000', { title: '极光与磁场', tags: ['极光', '磁场'] })

  test('are twelve at most, and the story that shares more comes first', () => {
    const near = story('near0000', { tags: ['极光'], publishedAt: 900 })
    const nearer = story('nearer00', { tags: ['极光', '磁场'], publishedAt: 100 })
    const others = Array.from({ length: 30 }, (_, n) => story(`other${n}000`, { title: `第${n}篇` }))
    const all = [near, ...others, nearer]
    const ids = chooseRelated(self, all)
    expect([ids.length, ...ids.slice(0, 2)]).toEqual([12, 'nearer00', 'near0000'])
  })

  test('of stories that share nothing, those of the same channel come first, then the newest', () => {
    const list = [
      story('far00000', { channel: 'life', column: 'body', publishedAt: 900 }),
      story('near0000', { column: 'ocean', publishedAt: 100 }),
      story('nearnew0', { column: 'ocean', publishedAt: 200 }),
    ]
    expect(chooseRelated(self, list)).toEqual(['nearnew0', 'near0000', 'far00000'])
  })

  test('never names the story itself, none twice, and at most the stored number', () => {
    fc.assert(
      fc.property(anyStories, records => {
        const list = records.map(record => story(record.id, record))
        const ids = chooseRelated(self, list)
        expect(ids).not.toContain(self.id)
        expect(new Set(ids).size).toBe(ids.length)
        const possible = new Set(list.map(({ id }) => id).filter(id => id !== self.id))
        expect(ids).toHaveLength(Math.min(relatedKept, possible.size))
      }),
    )
  })

  test('does not depend on the order of the stories', () => {
    fc.assert(
      fc.property(anyStories, records => {
        const list = [...new Map(records.map(record => [record.id, story(record.id, record)])).values()]
        expect(chooseRelated(self, [...list].reverse())).toEqual(chooseRelated(self, list))
      }),
    )
  })

  test('prefers shared rare terms, then the topic, then the column, then the newer', () => {
    const filler = Array.from({ length: 30 }, (_, i) =>
      story(`filler${String(i).padStart(2, '0')}`, {
        title: `无关之事${i}`,
        channel: 'daily',
        column: 'food',
      }),
    )
    const about = story('about000', {
      title: '磁尾重联',
      tags: ['极光'],
      channel: 'frontier',
      column: 'physics',
    })
    const topic = story('topic000', { channel: 'life', column: 'body', topic: { id: 'topic0001' } })
    const column = story('column00', { publishedAt: 9 })
    const newer = story('column01', { publishedAt: 10 })
    const list = [...filler, column, newer, topic, about]
    const ids = chooseRelated({ ...self, topic: { id: 'topic0001' } }, list)
    expect(ids.slice(0, 4)).toEqual(['about000', 'topic000', 'column01', 'column00'])
  })

  test('of another topic, or of none, are not of the same topic', () => {
    const mate = story('mate0000', { column: 'ocean' })
    const other = story('other000', { channel: 'life', topic: { id: 'topic0002' } })
    const without = story('without0', { channel: 'life' })
    const ids = (topic?: { id: string }) =>
      chooseRelated(story('self0000', { column: 'ocean', topic }), [other, without, mate])
    expect(ids({ id: 'topic0001' })[0]).toBe('mate0000')
    expect(ids({ id: 'topic0002' })[0]).toBe('other000')
    expect(ids()[0]).toBe('mate0000')
  })

  test('of a column of that name in another channel are not of the same column', () => {
    const other = story('other000', { channel: 'life', column: 'ocean', publishedAt: 900 })
    const near = story('near0000', { column: 'weather', publishedAt: 100 })
    expect(chooseRelated(story('self0000', { column: 'ocean' }), [other, near])[0]).toBe('near0000')
  })

  test('that share a Latin word or a pair of characters that is rare are related', () => {
    const filler = Array.from({ length: 30 }, (_, i) =>
      story(`filler${i}00`, { title: `无关之事${i}`, tags: ['常见'] }),
    )
    const latin = story('latin000', { title: 'LIGO 的回声', channel: 'life', column: 'body' })
    const pair = story('pair0000', { tags: ['磁尾'], channel: 'life', column: 'body', publishedAt: 9 })
    const often = story('often000', { tags: ['常见'], channel: 'life', column: 'body' })
    const asked = story('self0000', { title: 'LIGO', tags: ['磁尾', '常见'], column: 'ocean' })
    const ids = chooseRelated(asked, [...filler, often, pair, latin])
    expect(ids.slice(0, 2)).toEqual(['pair0000', 'latin000'])
    expect(ids).not.toContain('often000')
  })

  test('that belong to no column are not of the same one', () => {
    const filler = Array.from({ length: 30 }, (_, i) => story(`filler${i}00`, { title: `无关之事${i}` }))
    const without = story('without0', { column: '' })
    const about = story('about000', { title: '磁尾', channel: 'life', column: 'body' })
    const asked = story('self0000', { teaser: '磁尾重联', column: '' })
    const list = [...filler, without, about]
    expect(chooseRelated(asked, list)[0]).toBe('about000')
  })

  test('does not treat frequent words as a common subject', () => {
    const filler = Array.from({ length: 30 }, (_, i) => story(`filler${String(i).padStart(2, '0')}`))
    const words = story('words000', { title: '为什么它们总是这样', channel: 'life', column: 'body' })
    const asked = story('self0000', { title: '为什么它们总是那样', column: 'ocean' })
    const mate = story('mate0000', { title: '潮水', column: 'ocean' })
    const list = [...filler, words, mate]
    expect(chooseRelated(asked, list)[0]).toBe('mate0000')
  })

  test('of one pair in a longer tag are not related, and of several terms in the body are', () => {
    const filler = Array.from({ length: 30 }, (_, i) =>
      story(`filler${i}00`, { channel: 'daily', column: 'food' }),
    )
    const pair = story('pair0000', { tags: ['反应堆'], channel: 'life', column: 'body' })
    const body = story('body0000', {
      terms: ['酱油', '麦芽', '酵母', '面团', '烘焙', '焦糖'],
      channel: 'life',
    })
    const mate = story('mate0000', { column: 'home' })
    const asked = story('self0000', { tags: ['美拉德反应'], terms: body.terms, column: 'home' })
    const list = [...filler, pair, mate, body]
    const ids = chooseRelated(asked, list)
    expect(ids.slice(0, 2)).toEqual(['body0000', 'mate0000'])
  })

  test('do not share a subject because they share numbers', () => {
    const filler = Array.from({ length: 30 }, (_, i) => story(`filler${i}00`))
    const number = story('number00', { title: '1974 年，2015 年，26 万', channel: 'life', column: 'body' })
    const mate = story('mate0000', { column: 'ocean' })
    const asked = story('self0000', { title: '1974 年的信号，2015 年的回声，26 秒', column: 'ocean' })
    const list = [...filler, number, mate]
    expect(chooseRelated(asked, list)[0]).toBe('mate0000')
  })

  const titles = new Map(sampleStories().map(({ _id, title }) => [_id, String(title)]))
  test.each([
    ['极光为什么常常是绿色的', ['大西洋每年变宽一指', '土星环：直径27万千米，厚约10米'], '一头鲸沉下去之后'],
    ['那张黑洞照片，到底拍到了什么', ['听见时空的涟漪：引力波是怎样量出来的'], '壁虎脚上没有胶水'],
    ['月亮每年离我们远去3.8厘米', ['背着月亮的那一面，为什么也涨潮', '用激光给原子降温'], '一头鲸沉下去之后'],
    ['章鱼的三颗心和一身蓝血', ['一个红细胞的一百二十天'], '一枚鸡蛋里，住着两种温度'],
    ['面包皮的金黄从哪里来', ['一枚鸡蛋里，住着两种温度'], '反应堆水池里的蓝光从哪里来'],
    ['雪花为什么总是六瓣', ['冬天的窗，为什么总在里面出汗'], '反应堆水池里的蓝光从哪里来'],
    ['土星环：直径27万千米，厚约10米', ['那张黑洞照片，到底拍到了什么'], '九成以上是空气的固体'],
    ['一头鲸沉下去之后', ['一万米深的海底有多重', '海水的咸味从哪里来'], '极光为什么常常是绿色的'],
    ['水壶里的白垢，和溶洞是一家', ['一滴水怎样盖起一根钟乳石'], '捕蝇草会数到五'],
    [
      '一枚鸡蛋里，住着两种温度',
      ['微波炉怎样隔空加热一碗饭', '面包皮的金黄从哪里来'],
      '仓鸮的脸是一只大耳朵',
    ],
    ['铅笔痕里的一层碳', ['九成以上是空气的固体', '壁虎脚上没有胶水'], '一头鲸沉下去之后'],
    ['手背上的静脉为什么发蓝', ['找一找你眼睛里的洞', '一个红细胞的一百二十天'], '大西洋每年变宽一指'],
    [
      '数着秒，知道雷有多远',
      ['抢在摇晃之前的十几秒', '一秒钟有多长，由铯原子说了算'],
      '章鱼的三颗心和一身蓝血',
    ],
    [
      '石英表里藏着一个2的15次方',
      ['一秒钟有多长，由铯原子说了算', '数着秒，知道雷有多远'],
      '一头鲸沉下去之后',
    ],
  ])('of the sample %s has the right related stories', (title, right, wrong) => {
    const row = sampleStories().find(candidate => candidate.title === title)
    const related = (row?.related ?? []) as string[]
    const shown = related.slice(0, 5).map(id => titles.get(id))
    for (const neighbour of right) expect(shown).toContain(neighbour)
    expect(shown).not.toContain(wrong)
  })
})
