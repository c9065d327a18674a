import { Text, View } from '@tarojs/components'
import { useShareAppMessage } from '@tarojs/taro'
import { Icon } from '#components/Icon'
import { Link } from '#components/Link'
import { Part } from '#components/Part'
import { FeedList } from '#features/feed/FeedList.tsx'
import { FocusCarousel } from '#features/feed/FocusCarousel.tsx'
import { homeList } from '#features/feed/home-list'
import { TopicStrip } from '#features/feed/TopicStrip.tsx'
import { useListPage } from '#features/feed/use-list-page'
import { openStory } from '#features/reading/open-story'
import { useStages } from '#features/reading/use-stages'
import { siteCard } from '#features/sharing/share-card'
import { can } from '#platform/abilities'
import { useLook } from '#platform/look'
import { channelUrl, searchUrl, tabs } from '#platform/navigate'
import { channels, site } from '#site'
import { listTime } from '../../text/beijing-time'
import { RankingLink } from './RankingLink'
import './index.scss'

/** Number of stories sent with the head of the page: enough for the first screen. */
const firstStories = 5

const empty = { title: '还没有文章', hint: '编辑正在准备，过一会儿再来看看' }

const news = (fresh: number): string => (fresh > 0 ? `有 ${fresh} 篇新文章` : '已经是最新的了')

export default function HomePage() {
  const look = useLook('home')
  const { pages, retry } = useListPage(homeList, news)
  const { focus = [], topics = [] } = pages.first ?? {}
  const stage = useStages('home', pages.items.length > 0 ? 1 : 0)

  useShareAppMessage(() => siteCard(tabs.home, `${site.name}：${site.slogan}`))

  const ready = pages.items.length > 0
  return (
    <View {...look}>
      <View className="home-column">
        {can('navigate') ? (
          <View className="home-channels">
            {Object.entries(channels).map(([key, { label }]) => (
              <Link key={key} className="home-channel" href={channelUrl(key)}>
                {label}
              </Link>
            ))}
            <Link className="home-search" href={searchUrl} label="搜索文章">
              <Icon name="search" />
            </Link>
          </View>
        ) : null}
        {pages.cachedAt === undefined ? null : (
          <View className="home-offline">{`离线内容 · 存于${listTime(pages.cachedAt, Date.now())}`}</View>
        )}
        {ready ? (
          <>
            <Part>
              <FocusCarousel stories={focus} onOpen={openStory} />
            </Part>
            <Text className="home-heading" aria-role="heading">
              推荐阅读
            </Text>
          </>
        ) : null}
        <FeedList
          pages={pages}
          {...(stage === 0 ? { most: firstStories } : {})}
          onOpen={openStory}
          onMore={retry}
          empty={empty}
        >
          <Part>
            <TopicStrip topics={topics} />
          </Part>
          {can('navigate') ? <RankingLink /> : null}
        </FeedList>
      </View>
    </View>
  )
}
