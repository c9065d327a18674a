import type { AppConfig } from '../protocol'

type Require = ((path: string) => unknown) & { async?: (path: string) => Promise<unknown> }

/** Evaluates one file. `scope` holds the global names that the file sees. */
export type Evaluate = (path: string, source: string, scope: Record<string, unknown>) => void

export interface ModuleLoader {
  /** Evaluates a file once and returns its exports. Throws WeChat's error if the file is missing or not loaded. */
  load(path: string): unknown
  /** Makes the files of a path's subpackage loadable, as WeChat does before it opens one of its pages. */
  loadPackageOf(path: string): void
  /** The file that is being evaluated; a `Page()` or `Component()` call belongs to it. */
  current(): string
  /** Files evaluated so far, in order. */
  evaluated(): string[]
}

/** `../a` seen from `pages/home/index` → `pages/a`; without extension. */
export function resolvePath(from: string, path: string): string {
  const parts = path.startsWith('/') ? [] : from.split('/').slice(0, -1)
  for (const part of path.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '.' && part !== '') parts.push(part)
  }
  return parts.join('/').replace(/\.js$/, '')
}

/**
 * WeChat's CommonJS. A `require` of a file in a subpackage that is not loaded yet fails as on a phone.
 */
export function createModuleLoader(
  scripts: Record<string, string>,
  app: AppConfig,
  scope: Record<string, unknown>,
  evaluate: Evaluate,
): ModuleLoader {
  const modules = new Map<string, { exports: unknown }>()
  const loaded = new Set<string>()
  let current = ''

  const rootOf = (path: string) =>
    app.subPackages.map(part => part.root.replace(/\/$/, '')).find(root => path.startsWith(`${root}/`))

  function loadPackageOf(path: string): void {
    const root = rootOf(path)
    if (root !== undefined) loaded.add(root)
  }

  function load(path: string): unknown {
    const known = modules.get(path)
    if (known) return known.exports
    const source = scripts[path]
    const root = rootOf(path)
    if (source === undefined || (root !== undefined && !loaded.has(root))) {
      throw new Error(`module '${path}.js' is not defined, require args is '${path}'`)
    }
    const module: { exports: unknown } = { exports: {} }
    modules.set(path, module)
    const outer = current
    current = path
    const require: Require = wanted => load(resolvePath(path, wanted))
    require.async = async wanted => {
      const target = resolvePath(path, wanted)
      loadPackageOf(target)
      return load(target)
    }
    try {
      evaluate(path, source, { ...scope, require, module, exports: module.exports })
    } finally {
      current = outer
    }
    return module.exports
  }

  return { load, loadPackageOf, current: () => current, evaluated: () => [...modules.keys()] }
}
