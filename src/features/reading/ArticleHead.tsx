import { Text, View } from '@tarojs/components'
import { Link } from '#components/Link'
import type { Article, Teaser } from '#contract/article'
import { channelUrl, tabs } from '#platform/navigate'
import { channelOf } from '#site'
import { fullTime } from '../../text/beijing-time'
import './ArticleHead.scss'

/** Author and editor, as a story's end names them; omits what its row does not contain. */
export function signOf({ author, editor }: Article): string {
  return [author && `文：${author}`, editor && `[ 责编：${editor} ]`].filter(Boolean).join('　')
}

interface Props {
  /** The story, or the teaser from a list while the story is loading. */
  story: Teaser | Article
  offline: boolean
}

/** The breadcrumb 首页 > 频道 > 栏目 > 正文, the headline, the source, and the time in Beijing. Omits unknown steps. */
export function ArticleHead({ story, offline }: Props) {
  const channel = channelOf(story.channel)
  const column = channel?.columns[story.column]
  const source = 'source' in story && story.source ? `来源：${story.source}　` : ''
  const corrected = 'corrected' in story ? story.corrected : undefined
  return (
    <>
      <View className="head-crumbs">
        <Link className="head-crumb" href={tabs.home}>
          首页
        </Link>
        {channel ? (
          <Link className="head-crumb" href={channelUrl(story.channel)}>
            {channel.label}
          </Link>
        ) : null}
        {column ? (
          <Link className="head-crumb" href={channelUrl(story.channel, story.column)}>
            {column}
          </Link>
        ) : null}
        <View className="head-crumb">正文</View>
      </View>
      <Text className="head-title" userSelect aria-role="heading">
        {story.title}
      </Text>
      <Text className="head-byline">{`${source}${fullTime(story.publishedAt)}${offline ? '　离线' : ''}`}</Text>
      {corrected ? (
        <Text
          className="head-fix"
          userSelect
        >{`更正（${fullTime(corrected.at)}）：${corrected.reason}`}</Text>
      ) : null}
    </>
  )
}
