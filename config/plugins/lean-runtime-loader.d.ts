interface LoaderContext {
  resourcePath: string
  getOptions(): { named: string[]; called: string[]; provided: string[] }
}

declare function leanRuntimeLoader(this: LoaderContext, source: string): string
export = leanRuntimeLoader
