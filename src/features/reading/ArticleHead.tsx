import { Text, View } from '@tarojs/components'
import type { Article } from '#contract/article'
import { channelOf } from '#site'
import { fullTime } from '../../text/beijing-time'
import './ArticleHead.scss'

interface Props {
  article: Article
  /** Goes home; absent in single-page mode, where nothing navigates. */
  onHome: (() => void) | undefined
}

/** 首页 > 频道 > 栏目 > 正文, the headline, its source and its time in Beijing. */
export function ArticleHead({ article, onHome }: Props) {
  const channel = channelOf(article.channel)
  const column = channel?.columns[article.column]
  const place = [channel?.label, column, '正文'].filter(Boolean).join(' › ')
  return (
    <>
      <View className="crumbs">
        <View className="crumb crumb--step" {...(onHome ? { 'aria-role': 'link', onClick: onHome } : {})}>
          首页
        </View>
        <View className="crumb">{`› ${place}`}</View>
      </View>
      <Text className="title" userSelect aria-role="heading">
        {article.title}
      </Text>
      <Text className="byline">{`来源：${article.source}　${fullTime(article.publishedAt)}`}</Text>
    </>
  )
}
