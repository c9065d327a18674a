import { useEffect } from 'react'
import type { PageHead } from './page-head'

export type { PageHead }

let drawn: PageHead | undefined

/** What the page last rendered said of itself; the server writes it into the document. */
export const headNow = (): PageHead | undefined => drawn

export function forgetHead(): void {
  drawn = undefined
}

/** The server has written all of it; in a browser only the title may still come, with a story that loads late. */
export function usePageHead(head: PageHead): void {
  drawn = head
  const { title } = head
  useEffect(() => {
    if (title && !document.title.startsWith(title)) document.title = title
  }, [title])
}
