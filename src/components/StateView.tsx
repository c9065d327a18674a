import { Text, View } from '@tarojs/components'
import { openPage } from '#platform/navigate'
import './StateView.scss'

/** `href` opens one of our pages; `run` is for an action without an address. */
export type StateAction = { label: string; href: string } | { label: string; run: () => void }

export interface StateViewProps {
  title: string
  hint?: string
  /** What the reader can do about it, with its label. */
  action?: StateAction
}

/**
 * Tells the reader why there is nothing to show: empty, failed or withdrawn. Offers a way on instead of a blank page.
 */
export function StateView({ title, hint, action }: StateViewProps) {
  return (
    <View className="state">
      <Text className="state-title">{title}</Text>
      {hint ? <Text className="state-hint">{hint}</Text> : null}
      {action ? (
        <View
          className="state-action"
          aria-role="button"
          onClick={() => ('run' in action ? action.run() : openPage(action.href))}
        >
          {action.label}
        </View>
      ) : null}
    </View>
  )
}
