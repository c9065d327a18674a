import { Icon } from '#components/Icon'
import { channelAddress, homeAddress, searchAddress } from '#contract/addresses'
import { pageParameter, webPage } from '#platform/web-page'
import { channels, site } from '#site'
import './SiteHeader.scss'

/** The top of every page: name of the site, channels, search. */
export function SiteHeader() {
  const shown = webPage().name === 'channel' ? pageParameter('channel') : ''
  return (
    <header className="site-header">
      <a className="site-name" href={homeAddress}>
        {site.name}
      </a>
      <nav className="site-channels" aria-label="频道">
        {Object.entries(channels).map(([key, { label }]) => (
          <a
            key={key}
            className="site-channel"
            href={channelAddress(key)}
            {...(key === shown ? { 'aria-current': 'page' } : {})}
          >
            {label}
          </a>
        ))}
      </nav>
      <a className="site-search" href={searchAddress} aria-label="搜索文章">
        <Icon name="search" />
      </a>
    </header>
  )
}
