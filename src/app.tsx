import type { PropsWithChildren } from 'react'
import { startCloud } from '#cloud/transport'
import { watchApp } from '#platform/watch-app'
import './app.scss'

startCloud()
watchApp()

export default function App({ children }: PropsWithChildren) {
  return children
}
