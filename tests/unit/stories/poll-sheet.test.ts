import { readPollSheet } from '../../../stories/build/poll-sheet'

const sheet = `question: 您家用哪种锅？
opensAt: 2026-11-20 09:30
closesAt: 2026-12-20 18:00
options:
  - key: iron
    label: 铁锅
  - key: clay
    label: 砂锅
    picture: clay-pot.svg
    alt: 一口砂锅
`

describe('the sheet of a poll', () => {
  test('keeps the order of its options, and its times in the format of the table', () => {
    expect(readPollSheet(sheet)).toEqual({
      question: '您家用哪种锅？',
      choices: 'one',
      opensAt: '2026-11-20 09:30',
      closesAt: '2026-12-20 18:00',
      options: [
        { key: 'iron', label: '铁锅' },
        { key: 'clay', label: '砂锅', picture: 'clay-pot.svg', alt: '一口砂锅' },
      ],
    })
  })

  test.each([
    ['a field it does not know', `${sheet}order: 3\n`, 'order：不认识的字段'],
    ['no question', sheet.replace(/question:.*\n/, ''), 'question：缺少'],
    ['one option', sheet.replace(/ {2}- key: clay[\s\S]*/, ''), 'options：请写 2 到 8 个选项'],
    [
      'options that are no list',
      sheet.replace(/options:[\s\S]*/, 'options: 铁锅'),
      'options：请写 2 到 8 个选项',
    ],
    ['two options of one key', sheet.replace('clay', 'iron'), 'options：两个选项用了同一个 key'],
    ['a key that could be a path', sheet.replace('key: clay', 'key: a.b'), 'options：key 只能用小写字母'],
    ['an option without a label', sheet.replace('    label: 铁锅\n', ''), 'options：label：缺少'],
    ['a picture without its words', sheet.replace(/ {4}alt:.*\n/, ''), 'options：有图片时要写替代文字 alt'],
    ['another way to choose', `${sheet}choices: two\n`, 'choices：只能是 one 或 several'],
    ['a time that does not exist', sheet.replace('11-20', '11-31'), 'opensAt：请写成北京时间'],
    ['an end before its beginning', sheet.replace('2026-12', '2026-10'), 'closesAt：要晚于 opensAt'],
    ['YAML that is none', 'question: [\n', 'question：格式有误'],
  ])('with %s is a problem, in words', (_, text, message) => {
    expect(readPollSheet(text)).toEqual([
      expect.objectContaining({ line: expect.any(Number), message: expect.stringContaining(message) }),
    ])
  })
})
