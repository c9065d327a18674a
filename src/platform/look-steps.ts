/** 外观: the system's theme, or one chosen by hand. */
export const themeChoices = { system: '跟随系统', light: '浅色', dark: '深色' } as const
export type ThemeChoice = keyof typeof themeChoices

/**
 * 字号: four steps, applied on top of WeChat's own font size. The fifth is a look for older readers (关怀模式): also larger
 * controls, and fewer things at once (the mixin `care` of styles/tokens.scss).
 */
export const sizeSteps = { small: '小', standard: '标准', large: '大', huge: '特大', care: '关怀' } as const
export type SizeStep = keyof typeof sizeSteps

const factors: Record<SizeStep, number> = { small: 0.9, standard: 1, large: 1.15, huge: 1.3, care: 1.5 }

/** WeChat's scale times the reader's own step. At most 2: larger text leaves too few words per line to read. */
export function fontScale(system: number, size: SizeStep): number {
  const scale = Math.min(2, Math.max(0.85, system * factors[size]))
  return Math.round(scale * 100) / 100
}
