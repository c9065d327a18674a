import type { PropsWithChildren } from 'react'
import { startCloud } from '#cloud/transport'
import { watchApp } from '#platform/watch-app'
import { startVotes } from './votes/phone-votes'
// The kinds of votes whose pending ones a start of the app sends.
import './features/moods/mood-votes'
import './features/polls/poll-votes'
import './app.scss'

startCloud()
watchApp()
startVotes()

export default function App({ children }: PropsWithChildren) {
  return children
}
