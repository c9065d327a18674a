import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import ts from 'typescript'

const src = path.resolve(__dirname, '../../src')

/** Elements that need no role of their own, and why. */
const spared: Record<string, string> = {
  // The backdrop of the sheet: a tap anywhere closes it; for all other readers the row 关闭 does the same.
  'features/sharing/ShareSheet.tsx': 'share-sheet',
  'features/sharing/ShareSheet.h5.tsx': 'share-sheet',
}

/** Elements with a role by default. */
const native = new Set(['a', 'button', 'Button', 'Input', 'StoryLink', 'SendButton'])

/** Elements in a component's source that react to a tap but have no role, by default or explicitly. */
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

test('every element that reacts to a tap has a role, so that screen readers and the gallery find it', () => {
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
