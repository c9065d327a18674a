import { View } from '@tarojs/components'
import { Fragment, type PropsWithChildren } from 'react'
import type { Pages } from '#cloud/list'
import { wordsFor } from '#cloud/words'
import { Part } from '#components/Part'
import { Skeleton } from '#components/Skeleton'
import { StateView } from '#components/StateView'
import type { Teaser } from '#contract/article'
import { useFarAway } from '#platform/far-away'
import { FeedEnd } from './FeedEnd'
import { FeedItem } from './FeedItem'

/** Number of stories replaced by an empty box together, and the list length from which this begins. */
const chunkSize = 20
const watchedFrom = 80
/** Number of stories above the children, if the list has any. */
const leading = 3

interface ChunkProps {
  id: string
  items: Teaser[]
  now: number
  onOpen: (item: Teaser) => void
  watched: boolean
}

function FeedChunk({ id, items, now, onOpen, watched }: ChunkProps) {
  const height = useFarAway(id, watched)
  return (
    <View id={id} {...(height ? { style: `height:${height}px` } : {})}>
      {height
        ? null
        : items.map(item => (
            <Part key={item.id}>
              <FeedItem item={item} now={now} onOpen={onOpen} />
            </Part>
          ))}
    </View>
  )
}

interface Props {
  pages: Pages<Teaser>
  /** Maximum number of entries to draw now; the next update brings the rest. */
  most?: number
  onOpen: (item: Teaser) => void
  onMore: () => void
  empty: { title: string; hint: string }
  /** Whether the page shows something below the list. Then the list does not end with 没有更多了. */
  followed?: boolean
}

/**
 * A list of stories with its states: loading, failed, empty, ended. Never a blank page. Children stand after the first
 * stories.
 */
export function FeedList({
  pages,
  most,
  onOpen,
  onMore,
  empty,
  followed,
  children,
}: PropsWithChildren<Props>) {
  const { items, state, error, at } = pages
  if (items.length === 0) {
    if (state === 'loading') {
      return (
        <Skeleton
          stories
          rows={['head', 'line', 'short', 'head', 'line', 'short', 'head', 'line', 'short']}
        />
      )
    }
    return state === 'failed' ? (
      <StateView title={wordsFor(error)} action={{ label: '重新加载', run: onMore }} />
    ) : (
      <StateView title={empty.title} hint={empty.hint} />
    )
  }
  const shown = most === undefined ? items : items.slice(0, most)
  const lead = children ? leading : 0
  const chunks = [shown.slice(0, lead)]
  for (let from = lead; from < shown.length; from += chunkSize)
    chunks.push(shown.slice(from, from + chunkSize))
  return (
    <>
      {chunks.map((chunk, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a list only grows at its end
        <Fragment key={index}>
          {chunk.length > 0 ? (
            <FeedChunk
              id={`feed${index}`}
              items={chunk}
              now={at}
              onOpen={onOpen}
              watched={items.length > watchedFrom}
            />
          ) : null}
          {index === 0 ? children : null}
        </Fragment>
      ))}
      {shown.length === items.length && !(followed && state === 'ended') ? (
        <FeedEnd pages={pages} onMore={onMore} />
      ) : null}
    </>
  )
}
