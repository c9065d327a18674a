import { View } from '@tarojs/components'
import { shareChannels } from '#contract/sharing'
import { SendButton } from './SendButton'
import './ShareRow.scss'

export interface ShareRowProps {
  onGuide: () => void
  onPoster: () => void
}

/** 微信好友 · 朋友圈 · 生成海报. Only WeChat's own menu can post to Moments, so the second button opens the guide to that menu. */
export function ShareRow({ onGuide, onPoster }: ShareRowProps) {
  return (
    <View className="share-row">
      <SendButton className="share-row-way" onGuide={onGuide}>
        {shareChannels.friend}
      </SendButton>
      <View className="share-row-way" aria-role="button" onClick={onGuide}>
        {shareChannels.moments}
      </View>
      <View className="share-row-way" aria-role="button" onClick={onPoster}>
        生成海报
      </View>
    </View>
  )
}
