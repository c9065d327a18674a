import { CallFailed, call } from '#cloud/call'
import { openArticle, type Teaser } from '#contract/article'
import { afterDrawing } from '#platform/after-drawing'
import { idOf, putFirst } from '#platform/bounded-list'
import { openPage, storyUrl } from '#platform/navigate'
import { dropCachedStory, type OpenedStory, writeCachedStory } from './story-cache'

/** How long the page that opens may use a request sent at the tap (ms). */
const useWithin = 15_000
const teasersAtMost = 40

let ahead: { id: string; at: number; reply: Promise<OpenedStory> } | undefined
let teasers: Teaser[] = []

/** Requests a story at the tap, before the page transition. */
function preload(id: string): void {
  const now = Date.now()
  if (ahead?.id === id && now - ahead.at < useWithin) return
  const reply = call(openArticle, { articleId: id })
  // The page that takes the reply handles its failure.
  reply.catch(() => undefined)
  ahead = { id, at: now, reply }
}

/** Opens a story's page by its id alone: from a ranking, a related title, or a link in a text. */
export function openStoryById(id: string): void {
  preload(id)
  openPage(storyUrl(id))
}

/** Opens a story's page from a list. The teaser fills the headline until the story has loaded. */
export function openStory(teaser: Teaser): void {
  teasers = putFirst(teasers, teaser, teasersAtMost, idOf)
  openStoryById(teaser.id)
}

/** The teaser from the list in which the reader tapped the story. */
export function teaserOf(id: string): Teaser | undefined {
  return teasers.find(teaser => teaser.id === id)
}

/** Returns the reply requested at the tap, or sends a request now. Only one page may use a reply. */
function takeReply(id: string): Promise<OpenedStory> {
  const early = ahead
  ahead = undefined
  if (early?.id === id && Date.now() - early.at < useWithin) return early.reply
  return call(openArticle, { articleId: id })
}

/** Reads a story from the cloud and caches it. Drops the cached copy of a withdrawn story. Rejects with CallFailed. */
export async function fetchStory(id: string): Promise<OpenedStory> {
  try {
    const opened = await takeReply(id)
    // Writing to storage blocks the thread, so draw the page first.
    afterDrawing(() => writeCachedStory(opened))
    return opened
  } catch (error) {
    if (error instanceof CallFailed && error.code === 'not-found') dropCachedStory(id)
    throw error
  }
}
