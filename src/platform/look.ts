import { useDidShow } from '@tarojs/taro'
import { useEffect, useState } from 'react'
import { can } from './abilities'
import { systemFontScale } from './font-scale'
import { lookChoice, onLookChoice } from './look-choice'
import { fontScale } from './look-steps'
import { onSystemTheme, paintBars, systemTheme } from './theme'

/** Bars that were painted once no longer follow theme.json, so this code must paint them from then on. */
let painted = false

function paint(): void {
  // Single-page mode disables the APIs of the bars; they follow the system through theme.json there.
  if (!can('bars')) return
  const { theme } = lookChoice()
  const byHand = theme !== 'system'
  if (!byHand && !painted) return
  if (!painted) onSystemTheme(paint)
  painted = true
  paintBars(byHand ? theme : systemTheme())
}

/**
 * Props of a page's root View. `style` is absent at scale 1, which most readers use, to save bytes. After a page has
 * used another scale, `style` is set at scale 1 too: an attribute that becomes undefined keeps its old value.
 */
export interface Look {
  className: string
  style?: string
}

let scaled = false

function lookNow(): Look {
  const { theme, size } = lookChoice()
  const byHand = theme !== 'system' && can('storage')
  const scale = fontScale(systemFontScale(), size)
  scaled ||= scale !== 1
  return {
    className: `look${byHand ? ` look--${theme}` : ''}${size === 'care' ? ' look--care' : ''}`,
    ...(scaled ? { style: `--scale:${scale}` } : {}),
  }
}

/**
 * The look of a page. Spread it on the page's root View: `<View {...useLook('home')}>`. This is all a page needs for
 * night mode and font size. It follows a choice made on another page.
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
    // The reader may have changed WeChat's font size while the page was hidden.
    setLook(shown => {
      const now = lookNow()
      return now.className === shown.className && now.style === shown.style ? shown : now
    })
    paint()
  })
  return { ...look, className: `${className} ${look.className}` }
}
