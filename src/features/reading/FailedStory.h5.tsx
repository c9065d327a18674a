import { StateView, type StateViewProps } from '#components/StateView'
import { WaysOn } from '#components/WaysOn'
import { can } from '#platform/abilities'

/** Web version of FailedStory.tsx: the page also leads to others. */
export function FailedStory(props: StateViewProps) {
  return (
    <>
      <StateView {...props} />
      {can('navigate') ? <WaysOn /> : null}
    </>
  )
}
