import { searchUrl, tabs } from '#platform/navigate'
import { isSinglePage } from '#platform/single-page'
import { site } from '#site'
import { Icon } from './Icon'
import { Link } from './Link'
import './SiteBar.h5.scss'

/** The web's bar: whose page this is, home, and the search. */
export function SiteBar() {
  if (isSinglePage()) return null
  return (
    <header className="site-bar">
      <Link className="site-name" href={tabs.home}>
        {site.name}
      </Link>
      <Link className="site-search" href={searchUrl} label="搜索文章">
        <Icon name="search" />
      </Link>
    </header>
  )
}
