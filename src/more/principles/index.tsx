import { View } from '@tarojs/components'
import { ArticleBlock } from '#features/reading/ArticleBlock.tsx'
import { useLook } from '#platform/look'
import { principlesText } from './principles-text'
import './index.scss'

const noPictures = () => undefined

/** The adopter's principles of publishing: src/principles.md, which the build turns into blocks. */
export default function PrinciplesPage() {
  const look = useLook('principles')
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
