import { createRoot, hydrateRoot } from 'react-dom/client'
import * as v from 'valibot'
import { bringFirstData } from '#cloud/first-data'
import { startCloud } from '#cloud/transport'
import { offlineAddress } from '#contract/addresses'
import { moodVotes } from '#features/moods/mood-votes'
import { cacheMood } from '#features/reading/story-cache'
import { can } from '#platform/abilities'
import { onLookChoice } from '#platform/look-choice'
import { keepGrownList } from '#platform/use-grown-list.h5'
import { enterPage, noteHydrated } from '#platform/web-page'
import { startVotes } from '../votes/phone-votes'
import { checkReplies } from './check-replies'
import { DocumentData } from './document-data'
import { offlinePage, pageWithoutNetwork, startServiceWorker } from './offline-pages'
import { headOf } from './page-titles'
import { Site } from './Site'
import { followLook, wearLook } from './wear-look'
import './base.scss'

/** Hydrates the document that the server rendered: the same page from the same data. */
function start(): void {
  const root = document.getElementById('app')
  const text = document.getElementById('data')?.textContent
  if (!root || !text) return
  const { page: written, first } = v.parse(DocumentData, JSON.parse(text))
  const withoutNetwork = written.name === offlinePage && location.pathname !== offlineAddress
  // Without network there is no server HTML to match, so the page may read this browser's storage at once.
  if (withoutNetwork) noteHydrated()
  const page = withoutNetwork ? pageWithoutNetwork(location.pathname, written.preview) : written
  enterPage(page)
  const { at, replies } = first
  // Only a reader of the preview has own data (votes); the embedded replies are the same for everyone.
  bringFirstData({ at, replies: replies.filter(checkReplies), anyone: can('identity') })
  startCloud()
  keepGrownList()
  onLookChoice(wearLook)
  followLook()
  if (withoutNetwork) {
    document.title = headOf(page.name, page.params).title ?? document.title
    createRoot(root).render(<Site />)
  } else {
    hydrateRoot(root, <Site />, {
      onRecoverableError: error => {
        // Tests listen for this message. The page still works: React has drawn it again.
        console.error('hydration', error)
      },
    })
  }
  startVotes()
  moodVotes.onUnseen(cacheMood)
  startServiceWorker()
}

start()
