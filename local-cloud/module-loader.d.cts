interface LoaderOptions {
  process: object
  console: object
  names?: Record<string, unknown>
  modules?: Record<string, unknown>
  read?: (file: string) => string
  byteCode?: string
}

export function createLoader(options: LoaderOptions): { load(file: string): unknown }

export function keepByteCode(): void
