import { View } from '@tarojs/components'
import { channelUrl, searchUrl, tabs } from '#platform/navigate'
import { channels } from '#site'
import { Link } from './Link'
import './WaysOn.scss'

/** Links to other pages, for a page that has nothing to show. */
export function WaysOn() {
  return (
    <View className="ways">
      <Link className="way way--wide" href={searchUrl}>
        搜索文章
      </Link>
      <Link className="way way--wide" href={tabs.ranking}>
        新闻表情排行
      </Link>
      {Object.entries(channels).map(([key, { label }]) => (
        <Link key={key} className="way" href={channelUrl(key)}>
          {label}
        </Link>
      ))}
    </View>
  )
}
