import type { MouseEvent } from 'react'
import type { Pages } from '#cloud/list'
import { wordsFor } from '#cloud/words'
import { furtherAddress, homeAddress } from '#contract/addresses'
import { webPage } from '#platform/web-page'
import './FeedEnd.scss'

interface Props {
  pages: Pick<Pages<unknown>, 'state' | 'error' | 'next'>
  onMore: () => void
}

/** Web version of FeedEnd.tsx. 加载更多 is a link to the next page; with script it loads in place. */
export function FeedEnd({ pages, onMore }: Props) {
  const { state, error, next } = pages
  if (state === 'ended') return <div className="feed-end">没有更多了</div>
  const words = state === 'failed' ? `${wordsFor(error)}，点此再试` : '加载更多'
  // The key makes a new element for each page. So the browser does not count the old one as a layout shift.
  if (state === 'more' || state === 'loading') {
    return (
      <div key={next} className="feed-end feed-end--more">
        正在加载…
      </div>
    )
  }
  const load = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    onMore()
  }
  // The list below a story is the home page's list.
  const list = webPage().list ?? homeAddress
  return (
    <a
      key={next}
      className={`feed-end feed-end--tap${state === 'failed' ? '' : ' feed-end--more'}`}
      href={next === null ? list : furtherAddress(list, next)}
      onClick={load}
    >
      {words}
    </a>
  )
}
