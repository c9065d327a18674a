import Preview from '../more/preview/index'
import { SiteFooter } from './SiteFooter'
import { SiteHeader } from './SiteHeader'

/** The preview of a draft on the web. Its document runs no script, so no browser downloads the code of this page. */
export function DraftPreview() {
  return (
    <>
      <SiteHeader />
      <div className="site-body">
        <main>
          <Preview />
        </main>
      </div>
      <SiteFooter />
    </>
  )
}
