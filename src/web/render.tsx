import { renderToString } from 'react-dom/server'
import { bringFirstData } from '#cloud/first-data'
import { forgetHead, headNow, type PageHead } from '#platform/page-head.h5'
import { enterPage } from '#platform/web-page'
import type { DocumentData } from './document-data'
import { headOf } from './page-titles'
import { Site } from './Site'

export interface RenderedPage {
  html: string
  head: PageHead
}

/**
 * A page as HTML, and what it says of itself. Synchronous: what it is drawn from stands in variables of modules
 * meanwhile, and an instance serves one request at a time in between.
 */
export function renderPage({ page, first }: DocumentData): RenderedPage {
  enterPage(page)
  bringFirstData(first)
  forgetHead()
  try {
    const html = renderToString(<Site />)
    return { html, head: { ...headOf(page.name, page.params), ...headNow() } }
  } finally {
    bringFirstData(undefined)
  }
}
