import { Text, View } from '@tarojs/components'
import { Segments } from '#components/Segments'
import { chooseLook, lookChoice } from '#platform/look-choice'
import { sizeSteps, themeChoices } from '#platform/look-steps'
import { useStored } from '#platform/use-stored'
import './ReadingSettings.scss'

const rows = [
  ['size', '字号', sizeSteps],
  ['theme', '外观', themeChoices],
] as const

/** 字号 and 外观. Every open page changes at once. */
export function ReadingSettings() {
  const [choice, setChoice] = useStored(lookChoice, lookChoice())
  return (
    <>
      {rows.map(([key, name, options]) => (
        <View key={key} className="setting">
          <Text className="setting-name">{name}</Text>
          <View className="setting-options">
            <Segments
              label={name}
              options={Object.entries(options)}
              chosen={choice[key]}
              onChoose={to => {
                chooseLook({ [key]: to })
                setChoice(lookChoice())
              }}
              fill
            />
          </View>
        </View>
      ))}
    </>
  )
}
