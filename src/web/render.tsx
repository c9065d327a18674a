import type { ComponentType, ReactNode } from 'react'
import { renderToString } from 'react-dom/server'
import { bringFirstData } from '#cloud/first-data'
import { checkParts } from '#components/Part.h5'
import { forgetHead, headNow, type PageHead } from '#platform/page-head.h5'
import { enterPage } from '#platform/web-page'
import { DraftPreview } from './DraftPreview'
import type { DocumentData } from './document-data'
import { headOf } from './page-titles'
import { Site } from './Site'

/** The name of the page that shows the preview of a draft. */
export const draftPreview = 'draft-preview'

export interface RenderedPage {
  html: string
  head: PageHead
}

/** Renders a whole page. Leaves out and reports every part that throws. */
function draw(Whole: ComponentType, report: (error: unknown) => void): string {
  try {
    return renderToString(<Whole />)
  } catch {
    checkParts((part: ReactNode) => {
      try {
        renderToString(part)
        return true
      } catch (error) {
        report(error)
        return false
      }
    })
    try {
      return renderToString(<Whole />)
    } finally {
      checkParts(undefined)
    }
  }
}

/**
 * Renders a page to HTML and returns its head. Calls `report` for every part that was left out. Must stay synchronous:
 * the page's data is in module variables during the call, and a second request of the same instance would overwrite it.
 */
export function renderPage({ page, first }: DocumentData, report: (error: unknown) => void): RenderedPage {
  enterPage(page)
  bringFirstData(first)
  forgetHead()
  try {
    const html = draw(page.name === draftPreview ? DraftPreview : Site, report)
    return { html, head: { ...headOf(page.name, page.params), ...headNow() } }
  } finally {
    bringFirstData(undefined)
  }
}
