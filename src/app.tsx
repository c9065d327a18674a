import type { PropsWithChildren } from 'react'
import { startCloud } from '#cloud/transport'
import { watchApp } from '#platform/watch-app'
// Importing a kind of votes registers it, so that `startVotes` sends its pending votes.
import { moodVotes } from './features/moods/mood-votes'
import { startVotes } from './votes/phone-votes'
import './features/polls/poll-votes'
import { cacheMood } from './features/reading/story-cache'
import './app.scss'

startCloud()
watchApp()
startVotes()
moodVotes.onUnseen(cacheMood)

export default function App({ children }: PropsWithChildren) {
  return children
}
