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
 * Renders a page to HTML and returns its head. Must stay synchronous: the page's data is in module variables during the
 * call, and a second request of the same instance would overwrite it.
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
