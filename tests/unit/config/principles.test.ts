import { principlesOf, readPrinciples } from '../../../config/principles'

test('the principles of this repository become blocks with headings', () => {
  const blocks = JSON.parse(readPrinciples()) as { type: string }[]
  expect(blocks.filter(({ type }) => type === 'heading').length).toBeGreaterThan(3)
})

test.each([
  ['a picture', '## 原则\n\n![图](a.png)'],
  ['a mark that would be lost', '我们~~不~~夸大。'],
  ['nothing', ''],
])('%s stops the build with file and line', (_, text) => {
  expect(() => principlesOf(text, 'src/principles.md')).toThrow(/^src\/principles\.md:\d+: ./)
})
