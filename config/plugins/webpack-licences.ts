import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Compilation, Compiler, Module } from 'webpack'
import { licenceNotices } from '../licences'
import type { Chain } from './webpack-chain'

/** Files of the modules in the chunks of a compilation. Modules that webpack joins to one are still several files. */
function bundledFiles({ modules, chunkGraph }: Compilation): string[] {
  const filesOf = (module: Module & { modules?: Iterable<Module> }): string[] =>
    module.modules ? [...module.modules].flatMap(filesOf) : [module.nameForCondition() ?? '']
  return [...modules].filter(module => chunkGraph.getNumberOfModuleChunks(module) > 0).flatMap(filesOf)
}

/** Writes the notices of the packages in webpack's bundles to a file, and of webpack, whose runtime is among them. */
export class LicencesPlugin {
  private readonly file: string

  constructor(file: string) {
    this.file = file
  }

  apply(compiler: Compiler): void {
    compiler.hooks.afterEmit.tap('licences', compilation => {
      const files = [...bundledFiles(compilation), require.resolve('webpack')]
      mkdirSync(path.dirname(this.file), { recursive: true })
      writeFileSync(this.file, licenceNotices(files))
    })
  }
}

export function writeLicences(chain: Chain, file: string): void {
  chain.plugin('licences').use(LicencesPlugin, [path.resolve(__dirname, '../..', file)])
  // terser would lay some of the same notices into the package.
  chain.optimization.minimizer('terserPlugin').tap(([options]) => [{ ...options, extractComments: false }])
}
