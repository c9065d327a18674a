import fc from 'fast-check'
import { fold, pairsOf, storyTokens, wordsOf } from '#shared/publishing/tokens'
import { marksOf, rankFound } from '../../../cloudfunctions/shared/reading/rank-found'
import { readQuery } from '../../../cloudfunctions/shared/reading/search-query'

const anyText = fc.string({ unit: 'grapheme', maxLength: 60 })
const someChinese = fc.stringMatching(/^[一-龥]{1,12}$/)

interface Fields {
  title?: string
  teaser?: string
  tags?: string[]
  terms?: string[]
  at?: number
}

function candidate(id: string, fields: Fields) {
  return {
    id,
    title: fields.title ?? '',
    teaser: fields.teaser ?? '',
    tags: fields.tags ?? [],
    terms: fields.terms ?? [],
    channel: 'earth',
    column: 'ocean',
    publishedAt: fields.at ?? 0,
  }
}

describe('folding a text', () => {
  test.each([
    ['GPS 定位', 'GPS定位'],
    ['55 亿光年', '５５亿光年'],
    ['阿尔伯特·爱因斯坦', '阿尔伯特爱因斯坦'],
    ['“墨子号”卫星', '墨子号卫星'],
    ['COVID-19', 'covid19'],
    ['1538℃', '1538°C'],
    ['½', '1/2'],
    ['10⁻⁹ 米', '10-9米'],
    ['H₂O', 'h2o'],
    ['Ⅳ期', 'IV期'],
  ])('turns %s and %s into the same text', (one, other) => {
    expect(fold(one).text).toBe(fold(other).text)
    // A query written in one form also finds text in the other form.
    for (const [typed, written] of [
      [one, other],
      [other, one],
    ] as const) {
      for (const word of wordsOf(typed)) expect(fold(written).text).toContain(word)
    }
  })

  test('ignores case, width and punctuation', () => {
    expect(wordsOf('ＤＮＡ是什么？M87星系——“黑洞”')).toEqual(wordsOf('dna是什么 m87星系 黑洞'))
  })

  test('maps every folded character to a place in the original text', () => {
    fc.assert(
      fc.property(anyText, text => {
        const { text: folded, from, to } = fold(text)
        expect(from).toHaveLength(folded.length)
        for (let i = 0; i < folded.length; i++) {
          expect(from[i]).toBeLessThan(to[i] ?? 0)
          expect(to[i]).toBeLessThanOrEqual(text.length)
          if (i > 0) expect(from[i]).toBeGreaterThanOrEqual(from[i - 1] ?? 0)
        }
      }),
    )
  })

  test('keeps a character beyond the basic plane whole', () => {
    expect(pairsOf('𠮷野家')).toEqual(['𠮷野', '野家'])
    expect(storyTokens({ title: '𠮷', teaser: '', tags: [] })).toEqual(['𠮷'])
  })
})

describe('the tokens of a story', () => {
  test('contain the first token of a query for any part of its title, tags or teaser', () => {
    fc.assert(
      fc.property(someChinese, someChinese, someChinese, fc.nat(), fc.nat(), (title, tag, teaser, a, b) => {
        const tokens = new Set(storyTokens({ title, teaser, tags: [tag] }))
        for (const text of [title, tag, teaser]) {
          const from = a % text.length
          const word = text.slice(from, from + 1 + (b % text.length))
          for (const token of readQuery(word).tokens) expect(tokens).toContain(token)
        }
      }),
    )
  })

  test('are bounded, whatever an editor wrote', () => {
    const teaser = Array.from({ length: 4000 }, (_, i) => String.fromCodePoint(0x4e00 + i)).join('')
    expect(storyTokens({ title: '长文', teaser, tags: [] }).length).toBeLessThanOrEqual(600)
  })
})

describe('reading a query', () => {
  test('asks the index for a rare pair before a common one', () => {
    expect(readQuery('为什么的黑洞').tokens[0]).toBe('黑洞')
  })

  test.each(['', '   ', '？！…', '🙂'])('without anything to search for (%j) has no words', text => {
    expect(readQuery(text)).toEqual({ words: [], tokens: [] })
  })

  test('of one character searches for that character', () => {
    expect(readQuery('光')).toEqual({ words: ['光'], tokens: ['光'] })
  })

  test('never asks for more than twelve tokens', () => {
    fc.assert(fc.property(anyText, text => readQuery(text).tokens.length <= 12))
    expect(readQuery('一二三四五六七八九十甲乙丙丁戊己').tokens).toHaveLength(12)
  })

  test('joins letters and digits across a single sign, as a story’s terms do', () => {
    expect(readQuery('COVID-19 1/2 3.8').words).toEqual(['covid19', '12', '38'])
  })
})

describe('ranking the results', () => {
  test('orders matches in title, then tags, then teaser, then the newer story', () => {
    const found = rankFound(
      [
        candidate('teaser', { teaser: '说到黑洞', at: 9 }),
        candidate('older', { title: '黑洞', at: 1 }),
        candidate('tagged', { tags: ['黑洞'], at: 8 }),
        candidate('newer', { title: '黑洞照片', at: 2 }),
      ],
      ['黑洞'],
    )
    expect(found.map(({ id }) => id)).toEqual(['newer', 'older', 'tagged', 'teaser'])
  })

  test('leaves out a story that has a word’s pairs but not the word', () => {
    const found = rankFound([candidate('pairs', { title: '射电望远与远镜' })], ['望远镜'])
    expect(found).toEqual([])
  })

  test('finds words of the body, ranked after words of the teaser', () => {
    const found = rankFound(
      [
        candidate('body', { terms: ['ligo', '二氧化碳'], at: 9 }),
        candidate('teaser', { teaser: '二氧化碳', at: 1 }),
        candidate('pairs', { terms: ['二氧', '氧化', '化碳'] }),
      ],
      ['二氧化碳'],
    )
    expect(found.map(({ id }) => id)).toEqual(['teaser', 'body'])
    expect(found[1]?.marks).toEqual({ title: [], teaser: [] })
  })

  test.each([
    ['M87黑洞', { tags: ['M87星系'], title: '黑洞' }],
    ['黑洞M87', { terms: ['m87', '黑洞'] }],
    ['CO2气体', { terms: ['co2', '气体'] }],
    ['CO2气体', { title: '气体', terms: ['co', '2'] }],
  ])('finds %s in a story that has its parts in different places', (typed, fields) => {
    const [word = ''] = wordsOf(typed)
    expect(rankFound([candidate('parts', fields)], [word]).map(({ id }) => id)).toEqual(['parts'])
    expect(
      rankFound([candidate('near', { title: '1987年', terms: ['黑洞', '气体', 'co20'] })], [word]),
    ).toEqual([])
  })

  test('cuts Chinese words only when it is told to, and into no single characters', () => {
    const octopus = [candidate('octopus', { title: '章鱼的三颗心和一身蓝血' })]
    expect(rankFound(octopus, ['章鱼蓝血'])).toEqual([])
    const [found] = rankFound(octopus, ['章鱼蓝血'], true)
    expect(found?.marks.title).toEqual([
      [0, 2],
      [9, 11],
    ])
    expect(rankFound(octopus, ['章鱼心'], true)).toEqual([])
  })

  test('requires every word', () => {
    const candidates = [
      candidate('both', { title: '月球', teaser: '潮汐' }),
      candidate('one', { title: '月球' }),
    ]
    expect(rankFound(candidates, ['月球', '潮汐']).map(({ id }) => id)).toEqual(['both'])
  })
})

describe('what to highlight', () => {
  test('refers to the original text, not to the folded one', () => {
    const title = '“ＤＮＡ”与dna'
    expect(marksOf(['dna'], fold(title)).map(([from, to]) => title.slice(from, to))).toEqual([
      'ＤＮＡ',
      'dna',
    ])
  })

  test('never overlaps and covers only words of the query', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[光速月球]{0,20}$/),
        fc.stringMatching(/^[光速月球]{1,3}$/),
        (text, word) => {
          let end = -1
          for (const [from, to] of marksOf([word, '光'], fold(text))) {
            expect(from).toBeGreaterThan(end)
            expect(to).toBeGreaterThan(from)
            end = to
          }
          expect(end >= 0).toBe(text.includes(word) || text.includes('光'))
        },
      ),
    )
  })
})
