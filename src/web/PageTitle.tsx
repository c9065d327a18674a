import { pageParameter, webPage } from '#platform/web-page'
import { channelOf, site } from '#site'
import './PageTitle.scss'

/** The headline of a page that WeChat names in its own bar; undefined where the page itself has one. */
function pageTitle(): string | undefined {
  switch (webPage().name) {
    case 'channel': {
      const channel = channelOf(pageParameter('channel'))
      const column = channel?.columns[pageParameter('column')]
      return channel && (column ? `${channel.label} · ${column}` : channel.label)
    }
    case 'ranking':
      return '新闻表情排行'
    case 'search':
      return '搜索'
    case 'shelf':
      return '书架'
    case 'about':
      return `关于${site.name}`
    case 'principles':
      return '采编和更正原则'
    default:
      return undefined
  }
}

export function PageTitle() {
  const title = pageTitle()
  return title === undefined ? null : <h1 className="page-title">{title}</h1>
}
