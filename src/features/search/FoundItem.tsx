import { Image, Text, View } from '@tarojs/components'
import { Link } from '#components/Link'
import type { Found, Marks } from '#contract/search'
import { storyUrl } from '#platform/navigate'
import { pictureUrl } from '#platform/picture'
import { metaLine } from '../../text/meta-line'
import { stretches } from './highlight'
import './FoundItem.scss'

function Marked({ text, marks, className }: { text: string; marks: Marks; className: string }) {
  return (
    <Text className={className}>
      {stretches(text, marks).map((stretch, index) =>
        stretch.hit ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: a text's stretches do not move
          <Text key={index} className="found-hit">
            {stretch.text}
          </Text>
        ) : (
          stretch.text
        ),
      )}
    </Text>
  )
}

/** A story found, with the matching words highlighted. */
export function FoundItem({
  item,
  now,
  onOpen,
}: {
  item: Found
  now: number
  onOpen: (item: Found) => void
}) {
  const { cover, marks } = item
  // Nothing on the page shows why a story is here that only its tags or its text name.
  const hidden = marks.title.length + marks.teaser.length === 0 ? '标签或正文里有' : undefined
  return (
    <Link className="found" href={storyUrl(item.id)} onOpen={() => onOpen(item)}>
      <View className="found-words">
        <Marked className="found-title" text={item.title} marks={marks.title} />
        {item.teaser ? <Marked className="found-teaser" text={item.teaser} marks={marks.teaser} /> : null}
        <Text className="found-meta">{metaLine(item, now, hidden)}</Text>
      </View>
      {cover ? (
        <Image
          className="found-cover"
          src={pictureUrl(cover.thumb ?? cover.src)}
          mode="aspectFill"
          lazyLoad
          aria-hidden
        />
      ) : null}
    </Link>
  )
}
