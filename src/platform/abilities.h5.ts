import type { Way } from '#contract/sharing'
import type { Ability } from './abilities'
import { webPage } from './web-page'

export type { Ability }

/**
 * As in abilities.ts. `?scene=1154` shows a story as Moments does. Visitors of the site have no identity, those of the
 * phone preview have.
 */
export function can(ability: Ability): boolean {
  const { params, preview } = webPage()
  if (params.scene === '1154') return ability === 'enlarge'
  return ability === 'identity' ? preview : ability !== 'shareButton'
}

/** On the site readers open copied links. */
export const wayIn = (): Way => (can('navigate') ? 'link' : 'moments')
