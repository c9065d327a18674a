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

describe('the order of what was found', () => {
  const ids = (candidates: ReturnType<typeof candidate>[], words: string[]) =>
    rankFound(candidates, words).map(({ id }) => id)

  test('a title weighs more than all other places together, tags more than teaser and body', () => {
    const found = ids(
      [
        candidate('body', { terms: ['黑洞'] }),
        candidate('teaser', { teaser: '黑洞' }),
        candidate('teaser+body', { teaser: '黑洞', terms: ['黑洞'] }),
        candidate('tags', { tags: ['黑洞'] }),
        candidate('all but title', { tags: ['黑洞'], teaser: '黑洞', terms: ['黑洞'] }),
        candidate('title', { title: '黑洞' }),
        candidate('title+body', { title: '黑洞', terms: ['黑洞'] }),
      ],
      ['黑洞'],
    )
    expect(found).toEqual([
      ...['title+body', 'title', 'all but title', 'tags', 'teaser+body', 'teaser', 'body'],
    ])
  })

  test('every word weighs; a word that must be cut weighs as one of the body', () => {
    const found = ids(
      [
        candidate('both in titles', { title: '月球潮汐' }),
        candidate('one in the title', { title: '月球', teaser: '潮汐' }),
        candidate('none', { tags: ['月球'], teaser: '潮汐' }),
      ],
      ['月球', '潮汐'],
    )
    expect(found).toEqual(['both in titles', 'one in the title', 'none'])
    const cut = [
      candidate('cut', { title: 'M87', tags: ['黑洞'] }),
      candidate('body', { terms: ['m87黑洞'], at: 1 }),
    ]
    expect(ids(cut, ['m87黑洞'])).toEqual(['body', 'cut'])
    expect(ids([...cut, candidate('teaser', { teaser: 'M87黑洞' })], ['m87黑洞'])[0]).toBe('teaser')
  })

  test('equal ones stand from new to old, and of one time always in the same order; each stands once', () => {
    const same = ['a', 'c', 'b'].map(id => candidate(id, { title: '黑洞' }))
    const newer = candidate('newer', { title: '黑洞', at: 1 })
    expect(ids([...same, newer, ...same], ['黑洞'])).toEqual(['newer', 'c', 'b', 'a'])
    expect(ids([newer, ...same.reverse()], ['黑洞'])).toEqual(['newer', 'c', 'b', 'a'])
  })
})

describe('a word that is cut', () => {
  const isFound = (word: string, fields: Fields, anywhere = false) =>
    rankFound([candidate('one', fields)], [word], anywhere).length > 0

  test.each<[string, Fields, boolean]>([
    ['m87黑洞', { tags: ['m87'], title: '黑洞' }, true],
    ['m87黑洞', { tags: ['1m87'], title: '黑洞' }, false],
    ['m87黑洞', { tags: ['m870'], title: '黑洞' }, false],
    ['m87黑洞', { tags: ['m870', 'm87'], title: '黑洞' }, true],
    ['m87黑洞', { title: '看M87，黑洞' }, true],
    ['m87黑洞', { title: '黑洞' }, false],
    ['gps定位', { title: '定位', teaser: '用gps的人' }, true],
  ])('%s in %j is found: %j', (word, fields, isIt) => expect(isFound(word, fields)).toBe(isIt))

  test('into the fewest pieces, of which none is a single Chinese character unless the word begins with it alone', () => {
    expect(isFound('章鱼蓝血', { title: '章鱼', teaser: '蓝血' }, true)).toBe(true)
    expect(isFound('章鱼蓝血', { title: '章鱼蓝', teaser: '血' }, true)).toBe(false)
    expect(isFound('章鱼血', { title: '章鱼', teaser: '血' }, true)).toBe(false)
    const [found] = rankFound([candidate('one', { title: '章鱼蓝血，章鱼和蓝血' })], ['章鱼蓝血'], true)
    expect(found?.marks.title).toEqual([[0, 4]])
    const pieces = candidate('one', {
      title: '射电望远镜',
      teaser: '射电望',
      tags: ['远镜', '射电', '望远镜'],
    })
    const [fewest] = rankFound([{ ...pieces, title: '电望远镜射' }], ['射电望远镜'], true)
    expect(fewest?.marks.title).toEqual([[1, 4]])
  })
})

describe('the first token that the index is asked for', () => {
  test.each([
    // Two common characters make a pair more common than one does, a single character is more common than a pair.
    ['什么黑洞', ['黑洞', '么黑', '什么']],
    ['的光', ['的光']],
    ['光 的是 黑洞', ['黑洞', '的是', '光']],
    ['dna 双螺', ['双螺', 'dn', 'na']],
    ['gps定位', ['定位', 'gp', 'ps', 's定']],
    ['黑洞 黑洞', ['黑洞']],
  ])('of %j: the probably rarest comes first', (text, tokens) => {
    expect(readQuery(text).tokens).toEqual(tokens)
  })

  test('for a query whose words nobody separated is the beginning of its longest Chinese part', () => {
    expect(readQuery('章鱼的蓝血').opening).toBe('章鱼')
    expect(readQuery('望远镜 引力波探测').opening).toBe('引力')
    expect(readQuery('gps定位系统a光').opening).toBe('定位')
    expect(readQuery('dna 光').opening).toBeUndefined()
  })
})

test('ranges that touch or overlap are marked as one', () => {
  const marked = (words: string[], text: string) => marksOf(words, fold(text))
  expect(marked(['黑洞', '洞照'], '黑洞照片')).toEqual([[0, 3]])
  expect(marked(['黑洞', '照片'], '黑洞照片')).toEqual([[0, 4]])
  expect(marked(['黑', '片'], '黑洞照片')).toEqual([
    [0, 1],
    [3, 4],
  ])
  expect(marked(['黑洞照片', '洞'], '黑洞照片')).toEqual([[0, 4]])
  expect(marked(['光光'], '光光光光')).toEqual([[0, 4]])
  expect(marked(['dna'], 'd-n-a')).toEqual([[0, 5]])
  expect(marked(['月'], '日')).toEqual([])
})
