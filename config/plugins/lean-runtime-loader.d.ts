interface LoaderContext {
  resourcePath: string
  getOptions(): {
    named: string[]
    imported: string[]
    bridge: string[]
    called: string[]
    without?: string[]
  }
}

declare function leanRuntimeLoader(this: LoaderContext, source: string): string
declare namespace leanRuntimeLoader {
  const editNames: string[]
}
export = leanRuntimeLoader
