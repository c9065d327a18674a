import type { PropsWithChildren } from 'react'
import { startCloud } from '#cloud/transport'
import { watchApp } from '#platform/watch-app'
import { startVotes } from './votes/phone-votes'
// Importing a kind of votes registers it, so that `startVotes` sends its pending votes.
import './features/moods/mood-votes'
import './features/polls/poll-votes'
import './app.scss'

startCloud()
watchApp()
startVotes()

export default function App({ children }: PropsWithChildren) {
  return children
}
