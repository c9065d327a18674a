import { Text, View } from '@tarojs/components'
import { Segments } from '#components/Segments'
import { chooseLook, lookChoice } from '#platform/look-choice'
import { type SizeStep, sizeSteps, type ThemeChoice, themeChoices } from '#platform/look-steps'
import { useStored } from '#platform/use-stored'
import './ReadingSettings.scss'

const sizes = Object.entries(sizeSteps) as [SizeStep, string][]
const themes = Object.entries(themeChoices) as [ThemeChoice, string][]

/** 字号 and 外观. Every open page changes at once. */
export function ReadingSettings() {
  const [choice, setChoice] = useStored(lookChoice, lookChoice())
  const choose = (change: Partial<typeof choice>) => {
    chooseLook(change)
    setChoice(lookChoice())
  }
  return (
    <>
      <View className="setting">
        <Text className="setting-name">字号</Text>
        <View className="setting-options">
          <Segments
            label="字号"
            options={sizes}
            chosen={choice.size}
            onChoose={size => choose({ size })}
            fill
          />
        </View>
      </View>
      <View className="setting">
        <Text className="setting-name">外观</Text>
        <View className="setting-options">
          <Segments
            label="外观"
            options={themes}
            chosen={choice.theme}
            onChoose={theme => choose({ theme })}
            fill
          />
        </View>
      </View>
    </>
  )
}
