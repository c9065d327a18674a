import { Text, View } from '@tarojs/components'
import { guide } from './guide-words'
import './ShareSheet.scss'

export interface ShareSheetProps {
  onCopy: () => void
  onClose: () => void
}

/** The share guide: opens only when asked for, is still, and a tap anywhere closes it. */
export function ShareSheet({ onCopy, onClose }: ShareSheetProps) {
  return (
    <View className="sheet" onClick={onClose}>
      {guide.arrow ? <View className="sheet-arrow" aria-hidden /> : null}
      <View className="sheet-box" aria-role="dialog" aria-label={guide.title}>
        <Text className="sheet-title">{guide.title}</Text>
        <Text className="sheet-words">{guide.words}</Text>
        <View className="sheet-row" aria-role="button" onClick={onCopy}>
          复制链接
        </View>
        <View className="sheet-row" aria-role="button" onClick={onClose}>
          关闭
        </View>
      </View>
    </View>
  )
}
