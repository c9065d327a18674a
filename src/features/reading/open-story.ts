import { CallFailed, call } from '#cloud/call'
import { openArticle, type Teaser } from '#contract/article'
import { afterDrawing } from '#platform/after-drawing'
import { idOf, putFirst } from '#platform/bounded-list'
import { openPage, storyUrl } from '#platform/navigate'
import { dropCachedStory, type OpenedStory, writeCachedStory } from './story-cache'

/** How long a request sent at the tap serves the page that opens next (ms). */
const useWithin = 15_000
const teasersAtMost = 40

let ahead: { id: string; at: number; reply: Promise<OpenedStory> } | undefined
let teasers: Teaser[] = []

/** Asks for a story at the tap, before the page turns. */
function preload(id: string): void {
  const now = Date.now()
  if (ahead?.id === id && now - ahead.at < useWithin) return
  const reply = call(openArticle, { articleId: id })
  // The page that takes the reply handles its failure.
  reply.catch(() => undefined)
  ahead = { id, at: now, reply }
}

/** Opens a story's page where only the story's id is known: from a ranking, a related title, a link in a text. */
export function openStoryById(id: string): void {
  preload(id)
  openPage(storyUrl(id))
}

/** Opens a story's page from a list. What the list knows fills the headline until the story is here. */
export function openStory(teaser: Teaser): void {
  teasers = putFirst(teasers, teaser, teasersAtMost, idOf)
  openStoryById(teaser.id)
}

/** What the list that a story was tapped in knew of it. */
export function teaserOf(id: string): Teaser | undefined {
  return teasers.find(teaser => teaser.id === id)
}

/** Takes the reply that the tap asked for, or asks now. A reply serves one page only. */
function takeReply(id: string): Promise<OpenedStory> {
  const early = ahead
  ahead = undefined
  if (early?.id === id && Date.now() - early.at < useWithin) return early.reply
  return call(openArticle, { articleId: id })
}

/** Reads a story from the cloud and caches it; drops the cached copy of a withdrawn one. Rejects with CallFailed. */
export async function fetchStory(id: string): Promise<OpenedStory> {
  try {
    const opened = await takeReply(id)
    // Writing blocks the thread that draws the page next.
    afterDrawing(() => writeCachedStory(opened))
    return opened
  } catch (error) {
    if (error instanceof CallFailed && error.code === 'not-found') dropCachedStory(id)
    throw error
  }
}
