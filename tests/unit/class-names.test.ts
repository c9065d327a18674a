import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

const root = path.resolve(__dirname, '../..')
const sheets = ['src/components', 'src/features', 'src/pages', 'src/more', 'local-cloud/console']
  .flatMap(folder =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' }).map(
      file => `${folder}/${file}`,
    ),
  )
  .filter(file => /\.s?css$/.test(file))
  .sort()

/** Classes of the frameworks, and classes that `platform/look.ts` adds to the root of every page. */
const foreign = /^(weui-|swiper-pagination-|look(--|$)|single-page$|bars$)/

const words = (name: string): string[] => name.split(/(?=[A-Z])|[-/]/).map(word => word.toLowerCase())

/** The class names that a style sheet has rules for. */
function classesOf(scss: string): string[] {
  const selectors = scss.replace(/\/\/.*|url\([^)]*\)|"[^"]*"/g, '').match(/[^{};]*\{/g) ?? []
  return [
    ...new Set(
      selectors.flatMap(text => [...text.matchAll(/\.([a-z][\w-]*)/g)].map(([, name = '']) => name)),
    ),
  ]
}

/** Classes whose first word names neither the component, nor its folder, nor (for a page) a component beside it. */
function strangers(file: string, scss: string): string[] {
  const folder = path.dirname(file)
  const component = path.basename(file).split('.')[0] ?? ''
  const beside =
    component === 'index'
      ? readdirSync(path.join(root, folder))
          .filter(name => name.endsWith('.tsx'))
          .map(name => name.split('.')[0] ?? '')
      : []
  const known = [component, path.basename(folder), ...beside].flatMap(words)
  return classesOf(scss).filter(name => {
    const [first = ''] = name.split('-')
    return (
      !foreign.test(name) &&
      !known.some(word => word === first || word === `${first}s` || `${word}s` === first)
    )
  })
}

test.each(sheets)('%s names its classes after its component', file => {
  expect(strangers(file, readFileSync(path.join(root, file), 'utf8'))).toEqual([])
})

test('a class name that any component could use is reported', () => {
  const scss = '.feed-item { color: red; }\n.feed-end .title,\n.p::before { content: ".no"; } // .no'
  expect(strangers('src/features/feed/FeedItem.scss', scss)).toEqual(['title', 'p'])
})

test('no class has two owners', () => {
  const owners = new Map<string, string[]>()
  for (const file of sheets) {
    for (const name of classesOf(readFileSync(path.join(root, file), 'utf8'))) {
      if (!foreign.test(name)) owners.set(name, [...(owners.get(name) ?? []), file])
    }
  }
  expect([...owners].filter(([, files]) => files.length > 1)).toEqual([])
})

test('a colour that must change at night is a token; only black, white and shades over pictures are written out', () => {
  const colours = sheets
    .filter(file => file.startsWith('src/'))
    .flatMap(file =>
      [
        ...readFileSync(path.join(root, file), 'utf8').matchAll(/#[0-9a-f]{3,8}\b|(?:rgb|hsl)a?\([^)]*\)/gi),
      ].map(([colour]) => `${file}: ${colour}`),
    )
  expect(colours.filter(one => !/: (#000|#fff|rgba\(0, 0, 0, [\d.]+\))$/.test(one))).toEqual([])
})
