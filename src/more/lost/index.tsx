import { View } from '@tarojs/components'
import { StateView } from '#components/StateView'
import { WaysOn } from '#components/WaysOn'
import { useLook } from '#platform/look'
import { tabs } from '#platform/navigate'

/** The page for an address that does not exist; offers other pages. */
export default function LostPage() {
  const look = useLook('lost')
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
