/** The part of webpack-chain that the plugins use. Taro bundles its own copy of the types. */
export interface Chain {
  plugin(name: string): {
    use(plugin: unknown, args: unknown[]): unknown
    tap(change: (args: Record<string, unknown>[]) => Record<string, unknown>[]): unknown
  }
  output: { merge(options: object): unknown }
  optimization: {
    minimizer(name: string): { tap(change: (args: object[]) => object[]): unknown }
  }
  module: {
    rule(name: string): {
      test(pattern: RegExp): {
        use(name: string): { loader(file: string): { options(options: object): unknown } }
      }
    }
  }
}

/** Passes the files that match through `<name>-loader.js`, which lies beside this file. */
export function addLoader(chain: Chain, name: string, files: RegExp, options?: object): void
