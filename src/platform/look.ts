import Taro, { useDidShow } from '@tarojs/taro'
import { useEffect, useState } from 'react'
import * as v from 'valibot'
import { systemFontScale } from './font-scale'
import { attempt } from './optional'
import { isSinglePage } from './single-page'
import { readStored, writeStored } from './storage'
import { paintBars, systemTheme } from './theme'

/** 外观: as the phone is set, or by hand. */
export const themeChoices = { system: '跟随系统', light: '浅色', dark: '深色' } as const
export type ThemeChoice = keyof typeof themeChoices

/** 字号: four steps on top of WeChat's own font size. */
export const sizeSteps = { small: '小', standard: '标准', large: '大', huge: '特大' } as const
export type SizeStep = keyof typeof sizeSteps

const factors: Record<SizeStep, number> = { small: 0.9, standard: 1, large: 1.15, huge: 1.3 }

/** How pages look, as this reader set it. */
export interface LookChoice {
  theme: ThemeChoice
  size: SizeStep
}

const Stored = v.object({
  theme: v.fallback(v.picklist(Object.keys(themeChoices) as ThemeChoice[]), 'system'),
  size: v.fallback(v.picklist(Object.keys(sizeSteps) as SizeStep[]), 'standard'),
})
const key = 'look'

let choice: LookChoice | undefined
/** Bars that were painted once no longer follow theme.json: from then on they are ours to paint. */
let painted = false
const listeners = new Set<() => void>()

/** What the reader chose; before any choice the system's theme and the standard size. */
export function lookChoice(): LookChoice {
  choice ??= readStored(key, Stored) ?? { theme: 'system', size: 'standard' }
  return choice
}

/** Chooses a theme or a size: kept on the phone, seen on every open page at once. */
export function chooseLook(change: Partial<LookChoice>): void {
  choice = { ...lookChoice(), ...change }
  writeStored(key, choice)
  for (const listener of listeners) listener()
}

/** WeChat's scale times the reader's own step. At most 2: beyond it a line holds too few words to read. */
export function fontScale(system: number, size: SizeStep): number {
  const scale = Math.min(2, Math.max(0.85, system * factors[size]))
  return Math.round(scale * 100) / 100
}

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
  useEffect(() => {
    const listener = () => {
      setLook(lookNow())
      paint()
    }
    listeners.add(listener)
    return () => {
      listeners.delete(listener)
    }
  }, [])
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
