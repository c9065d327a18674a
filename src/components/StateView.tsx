import { Text, View } from '@tarojs/components'
import { openPage } from '#platform/navigate'
import './StateView.scss'

/** `href` leads to a page of ours; `run` is for what has no address. */
export type StateAction = { label: string; href: string } | { label: string; run: () => void }

export interface StateViewProps {
  title: string
  hint?: string
  /** What the reader can do about it, and its name. */
  action?: StateAction
}

/** Nothing to show, and why: empty, failed, withdrawn. Never a blank page, always a way on. */
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
