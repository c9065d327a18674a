import { readLink } from './body/read-link'

/** The address of the site, with which links to our own stories begin. Undefined outside of the functions. */
export const ownSite = typeof SITE_ORIGIN === 'string' && SITE_ORIGIN !== '' ? SITE_ORIGIN : undefined

const draftId = /^[\w-]{1,64}$/

/** What an editor's text names: the id of a story or of a draft, also in a link to our story. Null for anything else. */
export function nameOfStory(written: string): string | null {
  if (draftId.test(written)) return written
  const target = readLink(written, ownSite)
  return 'story' in target ? target.story : null
}
