import Taro, { useDidHide, useDidShow } from '@tarojs/taro'
import { useEffect, useRef } from 'react'
import { site } from '#site'
import type { PageHead } from './page-head'
import { writeHead } from './web-head'

/** A page that comes back into sight names itself again: one document carries them all. */
export function usePageHead(head: PageHead): void {
  const { title, words, picture, path } = head
  const latest = useRef(head)
  latest.current = head
  const hidden = useRef(false)
  const write = () => {
    // Taro remembers titles by path: without a word of our own a story would open under the name of the last one.
    void Taro.setNavigationBarTitle({ title: latest.current.title ?? site.name })
    writeHead(latest.current)
  }
  useDidShow(() => {
    hidden.current = false
    write()
  })
  useDidHide(() => {
    hidden.current = true
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is written is read from the latest head
  useEffect(() => {
    if (!hidden.current) write()
  }, [title, words, picture, path])
}
