import { errorDetail, log } from '../log'
import { findDraft, listReminders, noteDraft } from '../stores/drafts'
import { endPlace, listEnded, listPlacesOf, removeEnded } from '../stores/focus-claims'
import { findPublished } from '../stores/published'
import { inTransaction } from './draft-change'
import { type Displaced, isOfPlace, stillTrue } from './place-story'

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

const textsOf = (written: unknown): string[] =>
  Array.isArray(written) ? written.filter(one => typeof one === 'string') : []

/**
 * Takes back what the rows of other stories say about a place of 视觉焦点 that a story has left. Fire and forget: the
 * story has left it, so a failure is only logged. `without`: the draft that was told already.
 */
export async function tellLeft(order: number | null, now: number, without = ''): Promise<void> {
  if (order === null) return
  try {
    const all = (await listPlacesOf(order)).filter(({ draft }) => draft !== '')
    const claims = all.filter(({ until }) => until === null || until > now)
    const rows = await listReminders(all.map(({ draft }) => draft).filter(draft => draft !== without))
    for (const own of all) {
      const others = all.filter(one => one !== own)
      const rest = (reminders: unknown): string[] =>
        stillTrue(
          textsOf(reminders),
          own,
          others,
          claims.filter(one => one !== own),
        )
      const told = textsOf(rows.get(own.draft))
      if (rest(told).length === told.length) continue
      await inTransaction(async transaction => {
        const row = await findDraft(own.draft, transaction)
        if (row) await noteDraft(transaction, row._id, { reminders: rest(row.reminders) })
      })
    }
  } catch (error) {
    log('warn', 'place-not-told', { order, ...errorDetail(error) })
  }
}

/** Takes the stories whose time is over out of the index of 视觉焦点, and tells those that have their places now. */
export async function endPlaces(now: number): Promise<void> {
  const orders = await listEnded(now)
  await removeEnded(now)
  for (const order of orders) await tellLeft(order, now)
}
