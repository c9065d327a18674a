import { readTopicSheet } from '../../../stories/build/topic-sheet'

const sheet = `title: 抬头看天
lead: 月亮、土星和黑洞。
publishedAt: 2026-11-21 11:00
stories:
  - saturn-rings-thin
  - moon-drifting-away
`

describe('the sheet of a topic', () => {
  test('keeps the order of its stories and reads times as Beijing time', () => {
    expect(readTopicSheet(sheet)).toMatchObject({
      title: '抬头看天',
      publishedAt: Date.UTC(2026, 10, 21, 3),
      stories: ['saturn-rings-thin', 'moon-drifting-away'],
    })
  })

  test('without a list of stories contains the stories that name it', () => {
    expect(readTopicSheet(sheet.replace(/stories:[\s\S]*/, ''))).not.toHaveProperty('stories')
  })

  test.each([
    ['a field it does not know', `${sheet}order: 3\n`, 'order：不认识的字段'],
    ['no lead', sheet.replace(/lead:.*\n/, ''), 'lead：缺少'],
    [
      'a time that does not exist',
      sheet.replace('11-21', '11-31'),
      'publishedAt：请写成北京时间，如 2026-11-20 09:30',
    ],
    ['a picture without its words', `${sheet}cover: a.svg\n`, 'coverAlt：有题图时要写替代文字'],
    ['an empty list', sheet.replace(/stories:[\s\S]*/, 'stories: []'), 'stories：至少一篇'],
    ['YAML that is none', 'title: [\n', 'title：格式有误'],
  ])('with %s is a problem, in words', (_, text, message) => {
    const problems = readTopicSheet(text)
    expect(problems).toEqual([
      expect.objectContaining({ line: expect.any(Number), message: expect.stringContaining(message) }),
    ])
  })

  test('reports all its problems, each with its line', () => {
    const problems = readTopicSheet(sheet.replace('2026-11-21 11:00', '明天').replace('抬头看天', "''"))
    expect(problems).toMatchObject([{ line: 1 }, { line: 3 }])
  })
})
