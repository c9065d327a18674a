import { View } from '@tarojs/components'
import { useShareAppMessage } from '@tarojs/taro'
import { useState } from 'react'
import { Segments } from '#components/Segments'
import { StateView } from '#components/StateView'
import { withoutSigns } from '#contract/addresses'
import { channelList } from '#features/feed/channel-list'
import { FeedList } from '#features/feed/FeedList.tsx'
import { useListPage } from '#features/feed/use-list-page'
import { openStory } from '#features/reading/open-story'
import { siteCard } from '#features/sharing/share-card'
import { useLook } from '#platform/look'
import { channelUrl, tabs } from '#platform/navigate'
import { usePageHead } from '#platform/page-head'
import { useParameter } from '#platform/query'
import { type Channel, channelOf, site } from '#site'
import './index.scss'

const empty = { title: '这里还没有文章', hint: '编辑正在准备，先看看别的栏目吧' }

interface StoriesProps {
  channelKey: string
  channel: Channel
  /** Empty for all columns. */
  column: string
  onColumn: (column: string) => void
}

function ChannelStories({ channelKey, channel, column, onColumn }: StoriesProps) {
  const { pages, retry } = useListPage(channelList(channelKey, column))
  const title = column ? `${channel.label} · ${channel.columns[column]}` : channel.label
  usePageHead({ title, path: channelUrl(channelKey, column) })

  return (
    <>
      <Segments
        label="栏目"
        options={[['', '全部'], ...Object.entries(channel.columns)]}
        chosen={column}
        onChoose={onColumn}
        hrefOf={key => channelUrl(channelKey, key)}
      />
      <FeedList pages={pages} onOpen={openStory} onMore={retry} empty={empty} />
    </>
  )
}

/** A channel with its columns. The steps of a story's breadcrumb lead here. */
export default function ChannelPage() {
  const look = useLook('channel')
  const key = withoutSigns(useParameter('channel'))
  const asked = withoutSigns(useParameter('column'))
  const channel = channelOf(key)
  const [column, setColumn] = useState(channel?.columns[asked] === undefined ? '' : asked)
  useShareAppMessage(() =>
    siteCard(
      channel ? channelUrl(key, column) : tabs.home,
      `${site.name} · ${channel?.label ?? site.slogan}`,
    ),
  )
  return (
    <View {...look}>
      <View className="channel-column">
        {channel ? (
          <ChannelStories channelKey={key} channel={channel} column={column} onColumn={setColumn} />
        ) : (
          <StateView
            title="没有找到这个频道"
            hint="它可能换了名字"
            action={{ label: '去首页看看', href: tabs.home }}
          />
        )}
      </View>
    </View>
  )
}
