import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { preferVariantFiles } from '../../../config/plugins/variant-files'
import type { Chain } from '../../../config/plugins/webpack-chain'

const sources = path.resolve(__dirname, '../../../src')

/** The file that a build takes for an import which resolves to `resource`. */
function taken(resource: string, variants: readonly string[]): string {
  const createData = { resource }
  const use = (_plugin: unknown, [files, replace]: [RegExp, (result: object) => void]) => {
    if (files.test(resource)) replace({ createData })
  }
  preferVariantFiles({ plugin: () => ({ use }) } as unknown as Chain, variants)
  return createData.resource
}

// `npm test` does not build dist/weapp-local: webpack would compile every file once more to replace these.
const replaced = readdirSync(sources, { recursive: true, encoding: 'utf8' })
  .filter(file => /\.local\.tsx?$/.test(file))
  .map(file => path.join(sources, file))
const originalOf = (file: string) => file.replace('.local.', '.')

test('only the simulator’s build takes its own way to the cloud, and nothing else of its own', () => {
  expect(replaced).toEqual([path.join(sources, 'cloud/transport.local.ts')])
  for (const file of replaced) {
    expect(taken(originalOf(file), ['local'])).toBe(file)
    expect(taken(originalOf(file), [])).toBe(originalOf(file))
  }
  const shared = path.join(sources, 'site.ts')
  expect(taken(shared, ['local'])).toBe(shared)
})

test('a file that is replaced in a build has a replacement with the same exports', () => {
  const exportsOf = (file: string) =>
    [...readFileSync(file, 'utf8').matchAll(/^export (?:async )?(?:const|function) (\w+)/gm)]
      .map(([, name]) => name)
      .sort()
  for (const file of replaced) {
    expect(existsSync(originalOf(file))).toBe(true)
    expect(exportsOf(file)).toEqual(exportsOf(originalOf(file)))
    expect(exportsOf(file)).not.toEqual([])
  }
})
