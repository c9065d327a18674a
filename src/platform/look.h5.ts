import type { Look } from './look'

export type { Look }

/** The whole document wears the reader's choice (web/head.ts, web/wear-look.ts): a page has its class alone. */
export function useLook(className: string): Look {
  return { className: `${className} look` }
}
