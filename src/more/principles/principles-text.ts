import type { Block } from '#contract/article'

export const principlesText = (): readonly Block[] => PRINCIPLES
