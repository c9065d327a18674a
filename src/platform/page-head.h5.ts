import { useEffect } from 'react'
import type { PageHead } from './page-head'

export type { PageHead }

let drawn: PageHead | undefined

/** The head of the page rendered last; the server writes it into the document. */
export const headNow = (): PageHead | undefined => drawn

export function forgetHead(): void {
  drawn = undefined
}

/** The server has written the head. In a browser only the title may change, when a story loads later. */
export function usePageHead(head: PageHead): void {
  drawn = head
  const { title } = head
  useEffect(() => {
    if (title && !document.title.startsWith(title)) document.title = title
  }, [title])
}
