import { Image, Swiper, SwiperItem, Text, View } from '@tarojs/components'
import { Link } from '#components/Link'
import type { FocusStory } from '#contract/home'
import { storyUrl } from '#platform/navigate'
import { pictureUrl } from '#platform/picture'
import { correctedMark } from '../../text/meta-line'
import './FocusCarousel.scss'

interface Props {
  stories: FocusStory[]
  onOpen: (story: FocusStory) => void
}

/** 视觉焦点: stories with large pictures. Only the reader moves it. */
export function FocusCarousel({ stories, onOpen }: Props) {
  if (stories.length === 0) return null
  return (
    <Swiper
      className="focus"
      indicatorDots={stories.length > 1}
      indicatorColor="rgba(255,255,255,.45)"
      indicatorActiveColor="#fff"
    >
      {stories.map(story => (
        <SwiperItem key={story.id}>
          <Link
            className="focus-item"
            href={storyUrl(story.id)}
            label={story.correctedAt ? `${story.title}，${correctedMark}` : story.title}
            onOpen={() => onOpen(story)}
          >
            <Image
              className="focus-picture"
              src={pictureUrl(story.cover.src)}
              mode="aspectFill"
              aria-label={story.cover.alt}
            />
            <View className="focus-words">
              <Text className="focus-title">{story.title}</Text>
              {story.correctedAt ? <Text className="focus-mark">{correctedMark}</Text> : null}
            </View>
          </Link>
        </SwiperItem>
      ))}
    </Swiper>
  )
}
