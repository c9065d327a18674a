import { StateView, type StateViewProps } from '#components/StateView'
import { WaysOn } from '#components/WaysOn'
import { isSinglePage } from '#platform/single-page'

/** Web version of FailedStory.tsx: the page also leads to others. */
export function FailedStory(props: StateViewProps) {
  return (
    <>
      <StateView {...props} />
      {isSinglePage() ? null : <WaysOn />}
    </>
  )
}
