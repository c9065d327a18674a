import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'

/** Packages that keep nothing of a page. They are loaded once, however often a test loads the pages anew. */
const lasting = ['react', 'react/jsx-runtime', 'react-dom', 'react-dom/client', 'react-dom/server', 'valibot']
const loaded = new Map<string, unknown>()

const source = path.resolve(__dirname, '../../src')

/**
 * From now on, modules of the pages are those of the site, as in its build (config/plugins/esbuild-web.ts): `x.h5.ts` in
 * place of `x.ts`, and our own components and functions in place of Taro's.
 */
export function takeWebVersions(): void {
  for (const file of readdirSync(source, { recursive: true, encoding: 'utf8' })) {
    const replaced = path.join(source, file.replace('.h5.', '.'))
    // Part.h5.tsx is made from the module that it replaces.
    if (!file.includes('.h5.') || file.includes('Part.') || !existsSync(replaced)) continue
    jest.doMock(replaced, () => jest.requireActual(path.join(source, file)))
  }
  for (const name of lasting) {
    jest.doMock(name, () => {
      if (!loaded.has(name)) loaded.set(name, jest.requireActual(name))
      return loaded.get(name)
    })
  }
  jest.doMock('@tarojs/components', () => jest.requireActual('../../src/web/components'))
  jest.doMock('@tarojs/taro', () => jest.requireActual('../../src/web/taro'))
  Object.assign(globalThis, {
    APP_VERSION: '1.0.0',
    CLOUD_ENV: '',
    CLOUD_URL: '',
    SITE_URL: '',
    POSTER_SCRIPT: '/assets/poster.js',
    PRINCIPLES: [{ type: 'paragraph', spans: ['先核实，再发布。'] }],
  })
}
