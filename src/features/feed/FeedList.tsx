import type { Pages } from '#cloud/use-pages'
import { wordsFor } from '#cloud/words'
import { Skeleton } from '#components/Skeleton'
import { StateView } from '#components/StateView'
import type { Teaser } from '#contract/article'
import { FeedEnd } from './FeedEnd'
import { FeedItem } from './FeedItem'

interface Props {
  pages: Pages<Teaser>
  /** Entries to draw now; the rest follows with the next update. */
  most?: number
  onOpen: (item: Teaser) => void
  onMore: () => void
  empty: { title: string; hint: string }
}

/** A list of stories with its wait, its failure, its emptiness and its end: none of them a blank page. */
export function FeedList({ pages, most, onOpen, onMore, empty }: Props) {
  const { items, state, error, at } = pages
  if (items.length === 0) {
    if (state === 'loading') {
      return <Skeleton rows={['head', 'line', 'short', 'head', 'line', 'short', 'head', 'line', 'short']} />
    }
    return state === 'failed' ? (
      <StateView title={wordsFor(error)} action={{ label: '重新加载', run: onMore }} />
    ) : (
      <StateView title={empty.title} hint={empty.hint} />
    )
  }
  const shown = most === undefined ? items : items.slice(0, most)
  return (
    <>
      {shown.map(item => (
        <FeedItem key={item.id} item={item} now={at} onOpen={onOpen} />
      ))}
      {shown.length === items.length ? <FeedEnd pages={pages} onMore={onMore} /> : null}
    </>
  )
}
