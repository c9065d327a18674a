import { findDraft, noteDraft } from '../stores/drafts'
import { endPlace } from '../stores/focus-claims'
import { findPublished } from '../stores/published'
import { inTransaction } from './draft-change'
import { type Displaced, isOfPlace } from './place-story'

/**
 * Tells the editors of stories that another one takes their place on the home page, in their rows, and ends their time
 * where they do not get it back. Repeating it changes nothing. If it fails, home shows the same.
 */
export async function tellDisplaced(displaced: readonly Displaced[]): Promise<void> {
  for (const { claim, endsAt, reminder } of displaced)
    await inTransaction(async transaction => {
      const story = await findPublished(transaction, claim.id)
      // Its own row has moved it since.
      if (story?.state !== 'published' || !story.focus || story.focusOrder !== claim.order) return
      if (endsAt !== null && story.focusUntil === null)
        await endPlace(transaction, claim.id, new Date(endsAt))
      const row = claim.draft === '' ? null : await findDraft(claim.draft, transaction)
      if (!row) return
      const told: unknown[] = Array.isArray(row.reminders) ? row.reminders : []
      const others = told.filter(one => typeof one === 'string').filter(one => !isOfPlace(one))
      await noteDraft(transaction, row._id, { reminders: [...others, reminder] })
    })
}
