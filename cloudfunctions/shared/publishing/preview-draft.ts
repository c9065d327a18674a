import * as v from 'valibot'
import { Article, relatedShown } from '#contract/article'
import { ArticleId } from '#contract/ids'
import { PreviewPoll } from '#contract/preview'
import { previewVersion } from '#site'
import { deleteFiles, drawMiniCode, storeFile } from '../cloud'
import { errorDetail, log } from '../log'
import { newToken, tokenHash } from '../preview-token'
import { readAgain } from '../retry'
import { findTitles } from '../stores/articles'
import { findDraft } from '../stores/drafts'
import { findPoll } from '../stores/polls'
import { findPreviews, type PreviewHead, putPreview } from '../stores/previews'
import type { PublishedRow } from '../stores/published'
import { type Content, storyRow } from './compose-story'
import { inTransaction } from './draft-change'
import { previewIdsOf } from './preview-ids'
import { copiesOf } from './publish-draft'
import { type Draft, readDraft } from './read-draft'
import { makeContent } from './story-content'
import { findStoryOf } from './story-id'
import { isPublic } from './story-times'

/** How long (ms) a preview can be opened. */
export const previewLife = 24 * 3_600_000

/** The page that a mini-code opens, as WeChat wants it: without a leading slash. */
const page = 'more/preview/index'

export interface MadePreview {
  outcome: 'made'
  /** What opens it: id and token. Only its holder knows the token. */
  scene: string
  expiresAt: number
  /** The `cloud://` id of its mini-code, or the error number with which WeChat refused to draw one (0 if unknown). */
  code: { file: string } | { refusal: number }
  /** Whether it took the place of an older preview that could still be opened. */
  hasReplaced: boolean
  /** The version of the story that readers see now; null where they see none. */
  live: number | null
  reminders: string[]
}

export type Previewed =
  | MadePreview
  | { outcome: 'refused'; problems: string[]; reminders: string[] }
  | { outcome: 'missing' | 'busy' }

/** The story that publishing the draft now would show, as a reader's page gets it. */
function articleOf(id: string, content: Content, draft: Draft, before: PublishedRow | null, now: number) {
  const row = storyRow(content, draft, before, now)
  const { corrected } = row as { corrected?: { at: Date; reason: string } }
  return v.parse(Article, {
    ...row,
    id,
    version: 1,
    publishedAt: row.publishedAt.getTime(),
    corrected: corrected && { ...corrected, at: corrected.at.getTime() },
  })
}

/** The stories of 相关阅读 that readers see now, with their titles. */
async function titlesOf(related: unknown): Promise<{ id: string; title: string }[]> {
  const ids = v.parse(v.array(ArticleId), related)
  const titles = await findTitles(ids)
  const shown = ids.flatMap(id => titles.get(id) ?? [])
  return shown.slice(0, relatedShown).map(({ id, title }) => ({ id, title }))
}

/** Draws a mini-code and stores it. Its address cannot be guessed: who reads the code can open the preview. */
async function storeCode(id: string, token: string): Promise<MadePreview['code']> {
  try {
    const scene = `${id}.${token}`
    const { content, contentType } = await drawMiniCode({ scene, page, envVersion: previewVersion })
    const kind = contentType === 'image/png' ? 'png' : 'jpg'
    return { file: await storeFile(`previews/${id}-${tokenHash(token).slice(0, 32)}.${kind}`, content) }
  } catch (error) {
    // The web link still works. The detail contains no scene, because WeChat's errors do not repeat it.
    log('warn', 'mini-code-failed', { id, ...errorDetail(error) })
    const { errCode } = error as { errCode?: unknown }
    return { refusal: typeof errCode === 'number' ? errCode : 0 }
  }
}

/** A place that is free or has expired, or else the one that expires first. */
function placeFor(draft: string, used: readonly PreviewHead[]): { id: string; replaced: PreviewHead | null } {
  const byId = new Map(used.map(head => [head.id, head]))
  const places = previewIdsOf(draft).map(id => ({ id, replaced: byId.get(id) ?? null }))
  const end = ({ replaced }: (typeof places)[number]): number => replaced?.expiresAt ?? 0
  return places.reduce((first, one) => (end(one) < end(first) ? one : first))
}

/** How often another place is tried, where somebody else previews the draft at the same moment. */
const attempts = 3

/**
 * Makes a preview of a draft: a copy of the story that publishing it now would show, which only its link and mini-code
 * open. Converts it as publishing does, writes nothing into the row, and leaves the published story alone.
 */
export async function previewDraft(draft: string, key: string, now: number): Promise<Previewed> {
  const row = await readAgain(() => findDraft(draft))
  if (!row) return { outcome: 'missing' }
  const read = readDraft(row, now)
  const made = read.ok ? await makeContent(read.draft, { own: row._id, copies: copiesOf(row) }) : read
  const reminders = [...new Set([...read.reminders, ...made.reminders])]
  if (!read.ok || !made.ok) return { outcome: 'refused', problems: made.ok ? [] : made.problems, reminders }
  const { before } = await inTransaction(transaction => findStoryOf(transaction, draft))
  const related = await readAgain(() => titlesOf(made.content.related))
  const poll = read.draft.poll === '' ? null : await readAgain(() => findPoll(read.draft.poll))
  const token = newToken()
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const used = await readAgain(() => findPreviews(previewIdsOf(draft)))
    const { id, replaced } = placeFor(draft, used)
    const code = await storeCode(id, token)
    const file = 'file' in code ? code.file : ''
    const expiresAt = now + previewLife
    const isWritten = await putPreview(
      {
        id,
        draft,
        token: tokenHash(token),
        at: new Date(now),
        expiresAt: new Date(expiresAt),
        key,
        code: file,
        article: articleOf(id, made.content, read.draft, before, now),
        related,
        poll: poll && v.parse(PreviewPoll, poll),
      },
      replaced,
    )
    // The code of the replaced preview, or this one's if somebody else has the place.
    const useless = isWritten ? (replaced?.code ?? '') : file
    if (useless !== '')
      await deleteFiles([useless]).catch(error => log('warn', 'file-stays', errorDetail(error)))
    if (!isWritten) continue
    return {
      outcome: 'made',
      scene: `${id}.${token}`,
      expiresAt,
      code,
      hasReplaced: replaced !== null && replaced.expiresAt > now,
      live: isPublic(before, now) ? before.version : null,
      reminders,
    }
  }
  return { outcome: 'busy' }
}
