import fc from 'fast-check'
import type { Block } from '#contract/article'
import { countPairs, type StoryText, termsOf } from '#shared/publishing/story-terms'
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
