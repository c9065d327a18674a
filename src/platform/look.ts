import Taro, { useDidShow } from '@tarojs/taro'
import { useEffect, useState } from 'react'
import { systemFontScale } from './font-scale'
import { lookChoice, onLookChoice } from './look-choice'
import { fontScale } from './look-steps'
import { attempt } from './optional'
import { isSinglePage } from './single-page'
import { paintBars, systemTheme } from './theme'

/** Bars that were painted once no longer follow theme.json: from then on they are ours to paint. */
let painted = false

function paint(): void {
  // The bars' APIs are off in single-page mode, which follows the system by theme.json.
  if (isSinglePage()) return
  const { theme } = lookChoice()
  const byHand = theme !== 'system'
  if (!byHand && !painted) return
  if (!painted) attempt(() => Taro.onThemeChange(paint))
  painted = true
  paintBars(byHand ? theme : systemTheme(), byHand)
}

/**
 * What a page's root View wears. `style` is absent at scale 1, which most readers have: it costs bytes. Once a page has
 * worn another scale it is said at scale 1 too: an attribute that becomes undefined stays as it was.
 */
export interface Look {
  className: string
  style?: string
}

let scaled = false

function lookNow(): Look {
  const { theme, size } = lookChoice()
  const byHand = theme !== 'system' && !isSinglePage()
  const scale = fontScale(systemFontScale(), size)
  scaled ||= scale !== 1
  return {
    className: byHand ? `look look--${theme}` : 'look',
    ...(scaled ? { style: `--scale:${scale}` } : {}),
  }
}

/**
 * The look of a page: spread on its root View, `<View {...useLook('home')}>`, and nothing else is needed for night
 * mode and font size. Follows a choice made on another page.
 */
export function useLook(className: string): Look {
  const [look, setLook] = useState(lookNow)
  useEffect(
    () =>
      onLookChoice(() => {
        setLook(lookNow())
        paint()
      }),
    [],
  )
  useDidShow(() => {
    // WeChat's own font size may have been changed meanwhile.
    setLook(shown => {
      const now = lookNow()
      return now.className === shown.className && now.style === shown.style ? shown : now
    })
    paint()
  })
  return { ...look, className: `${className} ${look.className}` }
}
