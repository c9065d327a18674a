import { View } from '@tarojs/components'
import { useShareAppMessage } from '@tarojs/taro'
import { ArticleBlock } from '#features/reading/ArticleBlock.tsx'
import { siteCard } from '#features/sharing/share-card'
import { useLook } from '#platform/look'
import { principlesUrl } from '#platform/navigate'
import { site } from '#site'
import { principlesText } from './principles-text'
import './index.scss'

const noPictures = () => undefined

/** The adopter's principles of publishing: src/principles.md, which the build turns into blocks. */
export default function PrinciplesPage() {
  const look = useLook('principles')
  useShareAppMessage(() => siteCard(principlesUrl, `${site.name}的采编和更正原则`))
  return (
    <View {...look}>
      <View className="principles-column">
        {principlesText().map((block, index) => (
          <ArticleBlock
            // biome-ignore lint/suspicious/noArrayIndexKey: the text does not change
            key={index}
            piece={{ block }}
            onStory={undefined}
            onPicture={noPictures}
          />
        ))}
      </View>
    </View>
  )
}
