import { View } from '@tarojs/components'
import { Link } from '#components/Link'
import { SiteBar } from '#components/SiteBar'
import { StateView } from '#components/StateView'
import { useLook } from '#platform/look'
import { channelUrl, openPage, searchUrl, tabs } from '#platform/navigate'
import { channels } from '#site'
import './index.scss'

/** Where an address that leads nowhere ends: with ways on. */
export default function LostPage() {
  const look = useLook('lost')
  return (
    <View {...look}>
      <SiteBar />
      <StateView
        title="这个页面找不到了"
        hint="链接可能写错了，或者内容换了地方"
        action={{ label: '去首页看看', run: () => openPage(tabs.home) }}
      />
      <View className="lost-ways">
        <Link className="lost-way lost-way--wide" href={searchUrl}>
          搜索文章
        </Link>
        <Link className="lost-way lost-way--wide" href={tabs.ranking}>
          新闻表情排行
        </Link>
        {Object.entries(channels).map(([key, { label }]) => (
          <Link key={key} className="lost-way" href={channelUrl(key)}>
            {label}
          </Link>
        ))}
      </View>
    </View>
  )
}
