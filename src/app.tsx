import type { PropsWithChildren } from 'react'
import { startCloud } from '#cloud/transport'
import { moodWishes } from '#features/moods/mood-wishes'
import { pollWishes } from '#features/polls/poll-wishes'
import { afterDrawing } from '#platform/after-drawing'
import { onNetworkBack } from '#platform/network'
import { watchApp } from '#platform/watch-app'
import './app.scss'

startCloud()
watchApp()

// Votes that found no network the last time go out now, or when it is back.
const sendVotes = () => {
  void moodWishes.sendAll().then(() => pollWishes.sendAll())
}
afterDrawing(sendVotes)
onNetworkBack(sendVotes)

export default function App({ children }: PropsWithChildren) {
  return children
}
