import { View } from '@tarojs/components'
import { checkedWord } from '../text/checked-word'
import './Segments.scss'

export interface SegmentsProps<K extends string> {
  /** What is chosen between, for a screen reader. */
  label: string
  options: ReadonlyArray<readonly [key: K, label: string]>
  chosen: K
  onChoose: (key: K) => void
  /** The address of the page with another choice: on the web the options are then links (Segments.h5.tsx). */
  hrefOf?: (key: K) => string
  /** `fill` shares the width evenly; otherwise the options flow and wrap. */
  fill?: boolean
}

/** One of a few, all in sight: moods, spans, columns, settings. */
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
