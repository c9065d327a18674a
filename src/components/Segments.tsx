import { View } from '@tarojs/components'
import { checkedWord } from '../text/checked-word'
import './Segments.scss'

export interface SegmentsProps<K extends string> {
  /** The name of the group, for screen readers. */
  label: string
  options: ReadonlyArray<readonly [key: K, label: string]>
  chosen: K
  onChoose: (key: K) => void
  /**
   * The address of the page with this option chosen. If given, the web draws the options as links (Segments.h5.tsx).
   */
  hrefOf?: (key: K) => string
  /** `fill` makes all options equally wide; otherwise they flow and wrap. */
  fill?: boolean
}

/** A choice of one among a few options, all visible: moods, spans, columns, settings. */
export function Segments<K extends string>({ label, options, chosen, onChoose, fill }: SegmentsProps<K>) {
  return (
    <View className={fill ? 'segments segments--fill' : 'segments'} aria-role="radiogroup" aria-label={label}>
      {options.map(([key, text]) => (
        <View
          key={key}
          className={key === chosen ? 'segment segment--on' : 'segment'}
          aria-role="radio"
          aria-checked={checkedWord(key === chosen)}
          onClick={() => onChoose(key)}
        >
          {text}
        </View>
      ))}
    </View>
  )
}
