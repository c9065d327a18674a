import { View } from '@tarojs/components'
import { shareChannels } from '#contract/sharing'
import { SendButton } from './SendButton'
import './ShareRow.scss'

/** 微信好友 · 朋友圈. Only WeChat's own menu can post to Moments, so the second button opens the guide to that menu. */
export function ShareRow({ onGuide }: { onGuide: () => void }) {
  return (
    <View className="share-row">
      <SendButton className="share-row-way" onGuide={onGuide}>
        {shareChannels.friend}
      </SendButton>
      <View className="share-row-way" aria-role="button" onClick={onGuide}>
        {shareChannels.moments}
      </View>
    </View>
  )
}
