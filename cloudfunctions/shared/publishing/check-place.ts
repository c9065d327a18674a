import { type FocusClaim, listClaims } from '../stores/focus-claims'
import { placeStory } from './place-story'
import type { Draft } from './read-draft'

/** The published stories that ask for the draft's place on the home page. Reads nothing if it asks for none. */
export const claimsOn = async ({ inFocus, order }: Draft, now: number): Promise<FocusClaim[]> =>
  inFocus && order !== null ? listClaims(order, now) : []

/** What the editor of a draft would be told about other stories in its place, if it were published now. */
export async function checkPlace(draft: Draft, id: string, now: number): Promise<string[]> {
  const claims = await claimsOn(draft, now)
  const own = claims.find(claim => claim.draft === id)
  const before = own ? { _id: own.id, focusOrder: own.order, focusFrom: new Date(own.from) } : null
  const publishedAt = own?.publishedAt ?? draft.publishAt ?? now
  return placeStory(draft, { id, before, claims, publishedAt, now }).reminders
}
