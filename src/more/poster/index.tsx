import { Canvas, Image, Text, View } from '@tarojs/components'
import { useShareAppMessage } from '@tarojs/taro'
import { wordsFor } from '#cloud/words'
import { StateView } from '#components/StateView'
import { previewPoster, savePoster, sendPoster } from '#features/poster/send'
import { useStory } from '#features/reading/use-story'
import { noteShare } from '#features/sharing/ledger'
import { friendCard } from '#features/sharing/share-card'
import { newShareMark } from '#features/sharing/share-mark'
import { useLook } from '#platform/look'
import { useMark } from '#platform/mark'
import { tabs } from '#platform/navigate'
import { useIdParameter } from '#platform/query'
import { tell } from '#platform/tell'
import { usePoster } from './use-poster'
import './index.scss'

/** The poster of a story: a picture with the story's mini-code, to look at, to save or to send. */
export default function PosterPage() {
  const id = useIdParameter()
  const look = useLook('poster')
  const opened = useStory(id)
  const parent = useMark()
  const article = opened.state === 'ready' ? opened.data.article : undefined
  const { poster, retry } = usePoster('#poster', article, parent)
  useShareAppMessage(() => {
    const mark = newShareMark()
    noteShare({ articleId: id, channel: 'friend', mark, ...(parent ? { parent } : {}) })
    return friendCard(id, article, mark)
  })
  const say = (outcome: Promise<string>) => void outcome.then(words => words && tell(words))

  if (opened.state === 'failed') {
    return (
      <View {...look}>
        <StateView title={wordsFor(opened.error)} action={{ label: '去首页看看', href: tabs.home }} />
      </View>
    )
  }
  return (
    <View {...look}>
      <Canvas type="2d" id="poster" className="poster-canvas" />
      {poster.state === 'drawing' ? <Text className="poster-note">正在生成海报…</Text> : null}
      {poster.state === 'failed' ? (
        <StateView title={poster.words} action={{ label: '重新生成', run: retry }} />
      ) : null}
      {poster.state === 'drawn' ? (
        <>
          <Image
            className="poster-picture"
            src={poster.file}
            mode="widthFix"
            showMenuByLongpress
            aria-role="button"
            aria-label={`海报：${article?.title ?? ''}`}
            onClick={() => say(previewPoster(poster.file))}
          />
          <View className="poster-ways">
            <View className="poster-way" aria-role="button" onClick={() => say(savePoster(poster.file))}>
              保存到相册
            </View>
            <View
              className="poster-way"
              aria-role="button"
              onClick={() => say(sendPoster(poster.file, friendCard(id, article, poster.mark).path))}
            >
              分享图片
            </View>
          </View>
        </>
      ) : null}
    </View>
  )
}
