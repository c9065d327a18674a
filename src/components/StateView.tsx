import { Text, View } from '@tarojs/components'
import './StateView.scss'

interface Props {
  title: string
  hint?: string
  /** What the reader can do about it, and its name. */
  action?: { label: string; run: () => void }
}

/** Nothing to show, and why: empty, failed, withdrawn. Never a blank page, always a way on. */
export function StateView({ title, hint, action }: Props) {
  return (
    <View className="state">
      <Text className="state-title">{title}</Text>
      {hint ? <Text className="state-hint">{hint}</Text> : null}
      {action ? (
        <View className="state-action" aria-role="button" onClick={action.run}>
          {action.label}
        </View>
      ) : null}
    </View>
  )
}
