import type { Look } from './look'

export type { Look }

/** Returns only the class of the page: the whole document has the reader's choice (web/head.ts, web/wear-look.ts). */
export function useLook(className: string): Look {
  return { className: `${className} look` }
}
