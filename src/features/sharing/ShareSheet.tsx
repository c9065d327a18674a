import { Text, View } from '@tarojs/components'
import { guideNow } from './guide-words'
import './ShareSheet.scss'

export interface ShareSheetProps {
  onCopy: () => void
  onClose: () => void
}

/** The share guide. Opens only on request, without animation; a tap anywhere closes it. */
export function ShareSheet({ onCopy, onClose }: ShareSheetProps) {
  const guide = guideNow()
  return (
    <View className="share-sheet" onClick={onClose}>
      {guide.arrow ? <View className="share-sheet-arrow" aria-hidden /> : null}
      <View className="share-sheet-box" aria-role="dialog" aria-label={guide.title}>
        <Text className="share-sheet-title">{guide.title}</Text>
        <Text className="share-sheet-words">{guide.words}</Text>
        {/* Without a website there is no link to copy. */}
        {SITE_URL ? (
          <View className="share-sheet-row" aria-role="button" onClick={onCopy}>
            复制链接
          </View>
        ) : null}
        <View className="share-sheet-row" aria-role="button" onClick={onClose}>
          关闭
        </View>
      </View>
    </View>
  )
}
