import fc from 'fast-check'
import type { Block } from '#contract/article'
import { countPairs, headingsOf, rarity, type StoryText, termsOf } from '#shared/publishing/story-terms'
import { fold, storyTokens, tokensAtMost } from '#shared/publishing/tokens'
import { readQuery } from '../../../cloudfunctions/shared/reading/search-query'
import { sampleStories } from '../../support/sample-rows'

const story = (blocks: Block[], title = '标题'): StoryText => ({ title, teaser: '', tags: [], blocks })
const paragraph = (...spans: (string | { text: string; bold: true })[]): Block => ({
  type: 'paragraph',
  spans,
})
const alone = (blocks: Block[]) => termsOf(story(blocks), countPairs([]))

describe('the terms of a body', () => {
  test('contain its sub-headings, bold terms, Latin words and figures', () => {
    const terms = alone([
      { type: 'heading', text: '把光拆开' },
      paragraph('位于汉福德的LIGO在2015年', { text: '听见了', bold: true }, '它，频率到250赫兹。'),
    ])
    for (const term of ['把光拆开', '听见了', 'ligo', '2015', '250']) expect(terms).toContain(term)
  })

  test('contain the Latin words and figures of every kind of block, and code does not displace its text', () => {
    const blocks: Block[] = [
      {
        type: 'code',
        text: `CaCO3 → CO2，101325 Pa，9.8\n${Array.from({ length: 300 }, (_, n) => `x${n}`).join(' ')}`,
      },
      { type: 'table', head: ['H2O'], rows: [['2nd']] },
      { type: 'picture', src: 'a.jpg', width: 1, height: 1, alt: '图', caption: '用 NaCl 做的' },
      { type: 'quote', spans: ['引用 DNA'] },
      { type: 'list', ordered: false, items: [['列表 LED']] },
      paragraph('二氧化碳溶在水里，二氧化碳会逸出。'),
    ]
    const terms = alone(blocks)
    for (const term of ['caco3', 'co2', '101325', '98', 'h2o', '2nd', 'nacl', 'dna', 'led'])
      expect(terms).toContain(term)
    expect(terms.some(term => term.includes('二氧化碳'))).toBe(true)
  })

  test('begin with its sub-headings, each cut to what somebody may type', () => {
    const headings = ['把光拆开', '很长的小标题'.repeat(20)]
    const terms = alone([paragraph('别的话'), ...headings.map((text): Block => ({ type: 'heading', text }))])
    expect(terms.slice(0, 2)).toEqual(['把光拆开', '很长的小标题'.repeat(20).slice(0, 40)])
  })

  test('have at most 700 characters together, also where a story has many figures', () => {
    const figures = Array.from({ length: 400 }, (_, n) => String(10_000 + n)).join('，')
    const terms = alone([paragraph(figures)])
    expect(terms).toContain('10000')
    expect(terms.join('').length).toBeLessThanOrEqual(700)
  })

  test('contain whole words that are frequent here and rare in other stories', () => {
    const others = Array.from({ length: 20 }, (_, i) => story([paragraph('我们看见这个现象')], `其他${i}`))
    const about = story([
      paragraph('二氧化碳溶在水里。我们看见，水里的二氧化碳会逸出。'),
      paragraph('我们看见二氧化碳变少了。'),
    ])
    const terms = termsOf(about, countPairs([...others, about]))
    expect(terms.some(term => term.includes('二氧化碳'))).toBe(true)
    const first = terms.findIndex(term => term.includes('二氧化碳'))
    const common = terms.findIndex(term => term.includes('我们'))
    expect(common === -1 || first < common).toBe(true)
  })

  test('occur unchanged in the body, and are bounded', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 80 }), { maxLength: 40 }), texts => {
        const blocks = texts.map(text => paragraph(text))
        const body = texts.map(text => fold(text).text).join('\n')
        const terms = alone(blocks)
        for (const term of terms) expect(body).toContain(term)
        expect(terms.join('').length).toBeLessThanOrEqual(700)
        expect(new Set(terms).size).toBe(terms.length)
        const tokens = storyTokens({ title: '', teaser: '', tags: [] }, terms)
        expect(tokens.length).toBeLessThanOrEqual(tokensAtMost)
      }),
    )
  })
})

describe('which terms a story keeps', () => {
  const words = (count: number) =>
    Array.from({ length: count }, (_, at) => String.fromCodePoint(0x4e00 + 2 * at, 0x4e01 + 2 * at))

  test('first its sub-headings and bold terms, then Latin words, those of code, and the most telling text', () => {
    const blocks: Block[] = [
      paragraph('鲸落在 Pacific，', { text: '食骨蠕虫', bold: true }, '吃骨头。骨头里有油脂，鲸落。'),
      { type: 'heading', text: '第一批：睡鲨' },
      { type: 'quote', spans: [{ text: '绿洲', bold: true }, '在海底'] },
      { type: 'list', ordered: false, items: [['盲鳗', { text: '螃蟹', bold: true }]] },
      { type: 'code', text: 'CO2 = 44\nPacific' },
    ]
    expect(headingsOf(blocks)).toEqual(['食骨蠕虫', '第一批：睡鲨', '绿洲', '螃蟹'])
    const others = [story([paragraph('骨头里有油脂，在海底')]), story([paragraph('在海底，吃骨头')])]
    const terms = termsOf(story(blocks), countPairs(others))
    const first = ['食骨蠕虫', '第一批睡鲨', '绿洲', '螃蟹', 'pacific', 'co2', '44', '鲸落']
    const rare = ['鲸落在', '盲鳗螃蟹', '睡鲨', '第一批', '绿洲在海底', '食骨蠕虫吃骨头']
    // What other stories say as well comes last.
    expect(terms).toEqual([...first, ...rare, '骨头里有油脂'])
  })

  test('sixty of its pairs at most, the frequent ones first and the others in one order', () => {
    const all = words(100)
    const terms = alone([paragraph(all.join('，')), paragraph(`${all[90]}，${all[90]}，${all[80]}`)])
    expect(terms).toEqual([all[90], all[80], ...all.slice(0, 58)])
    expect(alone([paragraph([...all].reverse().join('，'))])).toEqual(all.slice(0, 60))
  })

  test('700 characters, of which code has 150', () => {
    const figures = (count: number) => Array.from({ length: count }, (_, at) => String(10_000 + at))
    expect(alone([paragraph(figures(400).join('，'))])).toEqual(figures(140))
    expect(alone([{ type: 'code', text: [...figures(99), ...figures(9)].join(' ') }])).toEqual(figures(30))
  })

  test('what it says more than once, only once', () => {
    const twice: Block = { type: 'heading', text: '鲸落' }
    expect(alone([twice, twice, paragraph('鲸落 DNA dna')])).toEqual(['鲸落', 'dna'])
  })
})

describe('how rare a pair of characters is', () => {
  test('is told by the stories that hold it, in whatever part of theirs', () => {
    const parts: Block[] = [
      { type: 'heading', text: '标题' },
      paragraph('段落', { text: '粗体', bold: true }),
      { type: 'quote', spans: ['引文'] },
      { type: 'list', ordered: true, items: [['条目'], ['两项']] },
      { type: 'table', head: ['表头'], rows: [['单元'], ['格子']] },
      { type: 'picture', src: 'a', width: 1, height: 1, alt: '替代', caption: '图说' },
      { type: 'picture', src: 'a', width: 1, height: 1, alt: '替代' },
      { type: 'code', text: '代码' },
    ]
    const whole = { title: '题目', teaser: '导语', tags: ['标签', '“墨子”号'], blocks: parts }
    const counts = countPairs([whole, story([paragraph('段落，段落')], '题目')])
    expect(counts.stories).toBe(2)
    expect(Object.fromEntries(counts.pairs)).toEqual({
      ...{ 题目: 2, 导语: 1, 标签: 1, 墨子: 1, 子号: 1, 标题: 1, 段落: 2, 落粗: 1, 粗体: 1, 引文: 1 },
      ...{ 条目: 1, 两项: 1, 表头: 1, 单元: 1, 格子: 1, 图说: 1 },
    })
    expect(rarity(counts, '题目')).toBe(0)
    expect(rarity(counts, '导语')).toBeCloseTo(Math.log(3 / 2))
    expect(rarity(counts, '没有')).toBeCloseTo(Math.log(3))
    // The first story of a site has terms too.
    expect(rarity(countPairs([]), '没有')).toBe(1)
  })
})

describe('the sample stories', () => {
  const found = (query: string): string[] =>
    sampleStories()
      .filter(row => {
        const tokens = row.tokens as string[]
        const texts = [row.title, row.teaser, ...(row.tags as string[])].map(text => fold(String(text)).text)
        const { words, tokens: asked } = readQuery(query)
        return (
          asked.slice(0, 1).every(token => tokens.includes(token)) &&
          words.every(word => [...texts, ...(row.terms as string[])].some(text => text.includes(word)))
        )
      })
      .map(({ title }) => String(title))

  test('are found by their titles, with or without punctuation', () => {
    for (const { title } of sampleStories()) {
      expect(found(String(title))).toContain(title)
      const bare = String(title).replace(/[^\p{L}\p{N}]/gu, '')
      expect(found(bare)).toContain(title)
    }
  })

  test.each([
    ['LIGO', '听见时空的涟漪：引力波是怎样量出来的'],
    ['二氧化碳', '水壶里的白垢，和溶洞是一家'],
    ['557.7', '极光为什么常常是绿色的'],
  ])('are found by words that only their body contains: %s', (query, title) => {
    expect(found(query)).toContain(title)
  })
})
