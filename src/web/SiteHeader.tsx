import { Icon } from '#components/Icon'
import { channelAddress, homeAddress, rankingAddress, searchAddress, shelfAddress } from '#contract/addresses'
import { queryLongest } from '#contract/search'
import { pageParameter, webPage } from '#platform/web-page'
import { channels, site } from '#site'
import './SiteHeader.scss'

const current = (on: boolean) => (on ? { 'aria-current': 'page' as const } : {})

/** The top of every page: name of the site, channels, search. */
export function SiteHeader() {
  const { name } = webPage()
  const shown = name === 'channel' ? pageParameter('channel') : ''
  const brand = (
    <a className="site-name" href={homeAddress}>
      {site.name}
    </a>
  )
  return (
    <header className="site-header">
      {/* Every other page has a headline of its own. */}
      {name === 'home' ? <h1>{brand}</h1> : brand}
      <nav className="site-channels" aria-label="频道">
        {Object.entries(channels).map(([key, { label }]) => (
          <a key={key} className="site-channel" href={channelAddress(key)} {...current(key === shown)}>
            {label}
          </a>
        ))}
        <a className="site-channel site-channel--tab" href={rankingAddress} {...current(name === 'ranking')}>
          排行
        </a>
        <a className="site-channel site-channel--tab" href={shelfAddress} {...current(name === 'shelf')}>
          书架
        </a>
      </nav>
      {/* The search page has its own, with more room. */}
      {name === 'search' ? null : (
        <>
          {/* biome-ignore lint/a11y/useSemanticElements: <search> is newer than the browsers we serve */}
          <form className="site-ask" action={searchAddress} role="search">
            <input
              className="site-ask-words"
              type="search"
              name="q"
              aria-label="搜索文章"
              placeholder="搜索文章"
              autoComplete="off"
              maxLength={queryLongest}
            />
            <button type="submit" className="site-ask-go" aria-label="搜索">
              <Icon name="search" />
            </button>
          </form>
          <a className="site-search" href={searchAddress} aria-label="搜索文章">
            <Icon name="search" />
          </a>
        </>
      )}
    </header>
  )
}
