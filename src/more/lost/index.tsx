import { View } from '@tarojs/components'
import { useShareAppMessage } from '@tarojs/taro'
import { StateView } from '#components/StateView'
import { WaysOn } from '#components/WaysOn'
import { siteCard } from '#features/sharing/share-card'
import { useLook } from '#platform/look'
import { tabs } from '#platform/navigate'
import { site } from '#site'

/** The page for an address that does not exist; offers other pages. */
export default function LostPage() {
  const look = useLook('lost')
  useShareAppMessage(() => siteCard(tabs.home, site.name))
  return (
    <View {...look}>
      <StateView
        title="这个页面找不到了"
        hint="链接可能写错了，或者内容换了地方"
        action={{ label: '去首页看看', href: tabs.home }}
      />
      <WaysOn />
    </View>
  )
}
