import { View } from '@tarojs/components'
import './Words.scss'

/** Recent searches, to tap. */
export function Words({ words, onChoose }: { words: string[]; onChoose: (word: string) => void }) {
  return (
    <View className="search-words">
      {words.map(word => (
        <View key={word} className="search-word" aria-role="button" onClick={() => onChoose(word)}>
          {word}
        </View>
      ))}
    </View>
  )
}
