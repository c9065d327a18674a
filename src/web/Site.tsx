import { type ComponentType, useInsertionEffect } from 'react'
import { can } from '#platform/abilities'
import { noteHydrated, webPage } from '#platform/web-page'
import About from '../more/about/index'
import Channel from '../more/channel/index'
import Principles from '../more/principles/index'
import Search from '../more/search/index'
import Topic from '../more/topic/index'
import Article from '../pages/article/index'
import Home from '../pages/home/index'
import Ranking from '../pages/ranking/index'
import Shelf from '../pages/shelf/index'
import { Lost, Withdrawn } from './Gone'
import { Offline } from './Offline'
import { PageTitle } from './PageTitle'
import { SiteFooter } from './SiteFooter'
import { SiteHeader } from './SiteHeader'
import { TabBar } from './TabBar'

const pages: Readonly<Record<string, ComponentType>> = {
  home: Home,
  ranking: Ranking,
  shelf: Shelf,
  article: Article,
  channel: Channel,
  topic: Topic,
  search: Search,
  about: About,
  principles: Principles,
  withdrawn: Withdrawn,
  offline: Offline,
}

/** Runs before every other effect of the page, because those may read this browser's storage. */
function Hydrated(): null {
  useInsertionEffect(noteHydrated, [])
  return null
}

/** A page of the site with header, footer and tab bar. Without them in single-page mode, as Moments shows a story. */
export function Site() {
  const { name } = webPage()
  const Page = pages[name] ?? Lost
  if (!can('navigate')) {
    return (
      <>
        <Hydrated />
        <main>
          <Page />
        </main>
      </>
    )
  }
  return (
    <>
      <Hydrated />
      <a className="site-skip" href="#text">
        跳到正文
      </a>
      <SiteHeader />
      <div className="site-body">
        <main id="text" tabIndex={-1}>
          <PageTitle />
          <Page />
        </main>
      </div>
      <SiteFooter />
      <TabBar shown={name} />
    </>
  )
}
