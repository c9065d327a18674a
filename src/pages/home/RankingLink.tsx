import { Text, View } from '@tarojs/components'
import { Icon } from '#components/Icon'
import { Link } from '#components/Link'
import { tabs } from '#platform/navigate'

/** The way from home to 新闻表情排行. */
export function RankingLink() {
  return (
    <Link className="home-ranking" href={tabs.ranking}>
      <View className="home-ranking-words">
        <Text className="home-ranking-title">新闻表情排行</Text>
        <Text className="home-ranking-hint">哪些文章最让人开心、难过、想点赞</Text>
      </View>
      <Icon name="more" />
    </Link>
  )
}
