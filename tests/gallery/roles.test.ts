import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import ts from 'typescript'

const src = path.resolve(__dirname, '../../src')

/** What needs no role of its own, and why. */
const spared: Record<string, string> = {
  // The ground of the sheet: a tap anywhere closes it, and its row 关闭 does the same for everybody else.
  'features/sharing/ShareSheet.tsx': 'share-sheet',
  'features/sharing/ShareSheet.h5.tsx': 'share-sheet',
}

/** Elements that tell by themselves what they are. */
const native = new Set(['a', 'button', 'Button', 'Input', 'StoryLink', 'SendButton'])

/** Elements of a component's source that answer a tap and say neither by name nor by role what they are. */
function unnamedTaps(file: string, text: string): string[] {
  const found: string[] = []
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX)
  const visit = (node: ts.Node): void => {
    if (ts.isJsxOpeningElement(node) || ts.isJsxSelfClosingElement(node)) {
      const attributes = node.attributes.getText(source)
      const className = /className="([^"]*)"/.exec(attributes)?.[1] ?? ''
      const taps = /\bonClick\b/.test(attributes)
      const says = native.has(node.tagName.getText(source)) || /\baria-role=/.test(attributes)
      if (taps && !says && spared[file] !== className) found.push(`${file}: ${className}`)
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

test('whatever answers a tap says what it is, so that screen readers and the gallery find it', () => {
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.tsx'))
  expect(files.length).toBeGreaterThan(20)
  expect(files.flatMap(file => unnamedTaps(file, readFileSync(path.join(src, file), 'utf8')))).toEqual([])
})

test('a tap without a role is found', () => {
  const markup = (attributes: string) => `export const X = () => <View className="x" ${attributes}>on</View>`
  expect(unnamedTaps('X.tsx', markup('onClick={go}'))).toEqual(['X.tsx: x'])
  expect(unnamedTaps('X.tsx', markup('{...(may ? { onClick: go } : {})}'))).toEqual(['X.tsx: x'])
  expect(unnamedTaps('X.tsx', markup('aria-role="button" onClick={go}'))).toEqual([])
})
