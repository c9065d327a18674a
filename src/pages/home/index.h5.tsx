import { Part } from '#components/Part'
import { FeedList } from '#features/feed/FeedList.tsx'
import { FocusCarousel } from '#features/feed/FocusCarousel.tsx'
import { homeList } from '#features/feed/home-list'
import { TopicStrip } from '#features/feed/TopicStrip.tsx'
import { useListPage } from '#features/feed/use-list-page'
import { openStory } from '#features/reading/open-story'
import { useLook } from '#platform/look'
import { RankingLink } from './RankingLink'
import './index.scss'

const empty = { title: '还没有文章', hint: '编辑正在准备，过一会儿再来看看' }

/** As in index.tsx: the site's header has channels and search, and a wide window two columns. */
export default function HomePage() {
  const look = useLook('home')
  const { pages, retry } = useListPage(homeList)
  const { focus = [], topics = [] } = pages.first ?? {}
  const ready = pages.items.length > 0
  return (
    <div className={look.className}>
      <div className="home-column">
        {ready ? (
          <>
            <Part>
              <FocusCarousel stories={focus} onOpen={openStory} />
            </Part>
            <div className="home-side">
              <Part>
                <TopicStrip topics={topics} />
              </Part>
              <RankingLink />
            </div>
          </>
        ) : null}
        <div className="home-list">
          {ready ? <h2 className="home-heading">推荐阅读</h2> : null}
          <FeedList pages={pages} onOpen={openStory} onMore={retry} empty={empty} />
        </div>
      </div>
    </div>
  )
}
