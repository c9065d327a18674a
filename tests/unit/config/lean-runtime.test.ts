import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { readOf, withoutExports } from '../../../config/plugins/esbuild-lean-react'
import { calledOfReconciler, importedFromReact, usedOfReact } from '../../../config/plugins/lean-runtime'
import lean from '../../../config/plugins/lean-runtime-loader'
import { forests, historyOf } from './reconciler-history'

const root = path.resolve(__dirname, '../../..')
const files = {
  taro: '@tarojs/taro/index.js',
  hooks: '@tarojs/shared/dist/runtime-hooks.js',
  window: '@tarojs/runtime/dist/bom/window.js',
  style: '@tarojs/runtime/dist/dom/style.js',
  renderer: '@tarojs/react/dist/react.esm.js',
  reconciler: 'react-reconciler/cjs/react-reconciler.production.min.js',
}
const at = (file: string) => path.join(root, 'node_modules', file)
const text = (file: string) => readFileSync(at(file), 'utf8')
const options = { ...usedOfReact(path.join(root, 'src')), called: calledOfReconciler() }
const load = (file: string, source = text(file), more: string[] = []): string => {
  const getOptions = () => ({
    ...options,
    named: [...options.named, ...more],
    imported: [...options.imported, ...more],
  })
  return lean.call({ resourcePath: at(file), getOptions }, source)
}

describe('the lean runtime', () => {
  test.each(Object.values(files))('the build stops if %s differs from the expected text', file => {
    expect(() => load(file, 'export {}')).toThrow('lean runtime')
  })
  test('the reconciler keeps the functions that the renderer calls', () => {
    const source = load(files.reconciler)
    const kept = [...source.matchAll(/\bexports\.(\w+)=/g)].map(([, name]) => name)
    expect(kept.sort()).toEqual([...new Set(options.called)].sort())
    expect(source).toContain('hostConfig.commitUpdate')
  })
  test('whether React hydrates is a literal wherever the reconciler checks it', () => {
    const mentions = (source: string) => {
      const [, name = ''] = source.match(/[ ,\n]([\w$]+)=\$\$\$hostConfig\.supportsHydration\b/) ?? []
      return source.match(new RegExp(`(?<![\\w$.])${name}(?![\\w$])`, 'g'))
    }
    expect(mentions(load(files.reconciler))).toHaveLength(1)
    expect(mentions(text(files.reconciler))?.length).toBeGreaterThan(5)
  })
  test('a page listens to scrolling only where the sources ask for it', () => {
    expect(load(files.hooks)).not.toContain('onPageScroll')
    expect(load(files.hooks)).toContain('onReachBottom')
    expect(load(files.hooks, text(files.hooks), ['usePageScroll'])).toContain('onPageScroll')
  })
  test('a second variable with the name of a known value stops the build', () => {
    const shadowed = text(files.reconciler).replace('var aa=require', 'var Va=1,aa=require')
    expect(() => load(files.reconciler, shadowed)).toThrow('more than a fact')
  })
  test.each([
    ['Suspense', '13===a.tag'],
    ['createPortal', 'case fa:'],
    ['lazy', 'qa:'],
    ['useReducer', 'useReducer:'],
    ['getSnapshotBeforeUpdate', '.getSnapshotBeforeUpdate'],
  ])('the reconciler has its branches for %s only if a source uses it', (word, branch) => {
    expect(load(files.reconciler)).not.toContain(branch)
    expect(load(files.reconciler, text(files.reconciler), [word])).toContain(branch)
  })
  test('a source that imports all of React stops the build, because nobody knows what it uses', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'sources-'))
    writeFileSync(path.join(folder, 'page.tsx'), "import { memo, useId } from 'react'\n")
    expect(importedFromReact(folder)).toEqual(['memo', 'useId'])
    writeFileSync(path.join(folder, 'page.tsx'), "import React from 'react'\n")
    expect(() => importedFromReact(folder)).toThrow('must name what it imports')
    rmSync(folder, { recursive: true })
  })
  test('the shortened reconciler draws any sequence of trees as the whole one does', () => {
    const whole = text(files.reconciler)
    const shortened = load(files.reconciler)
    fc.assert(
      fc.property(fc.array(forests, { minLength: 2, maxLength: 5 }), drawings => {
        expect(historyOf(shortened, drawings)).toEqual(historyOf(whole, drawings))
      }),
      { numRuns: 60 },
    )
  })
})

describe('the site’s React', () => {
  test('has the exports that something uses, and no other', () => {
    const source = 'function a(){}exports.Kept=a;exports.dropped=function(){return a};other.dropped=1;'
    expect(withoutExports(source, new Set(['Kept']), 'x.js')).toBe(
      'function a(){}exports.Kept=a;other.dropped=1;',
    )
  })

  test('keeps all that the renderer reads of React and of the scheduler', () => {
    const renderer = text('react-dom/cjs/react-dom.production.min.js')
    expect(readOf(renderer, 'react')).toContain('__SECRET_INTERNALS_DO_NOT_USE_OR_YOU_WILL_BE_FIRED')
    expect(readOf(renderer, 'scheduler')).toEqual(
      expect.arrayContaining(['unstable_scheduleCallback', 'unstable_now', 'unstable_shouldYield']),
    )
    // A package written in another way stops the build.
    expect(() => readOf(renderer, 'absent')).toThrow('lean react')
    expect(() => withoutExports('module.exports={}', new Set(), 'x.js')).toThrow('lean react')
  })
})
