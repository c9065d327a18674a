import { View } from '@tarojs/components'
import { useEffect } from 'react'
import { StateView } from '#components/StateView'
import { WaysOn } from '#components/WaysOn'
import { can } from '#platform/abilities'
import { tabs } from '#platform/navigate'
import { pageParameter } from '#platform/web-page'
import { OtherStories } from '../pages/article/OtherStories'
import { dropStoryAt } from './offline-pages'
import './Gone.scss'

const wanted: Readonly<Record<string, string>> = {
  article: '没有找到这篇文章',
  topic: '没有找到这个专题',
}

function useDropStory(): void {
  useEffect(() => dropStoryAt(location.pathname), [])
}

/** The page for an address that does not exist: says what is missing and offers other pages. */
export function Lost() {
  useDropStory()
  return (
    <>
      <StateView
        title={wanted[pageParameter('of')] ?? '这个页面找不到了'}
        hint="链接可能写错了，或者内容换了地方"
        {...(can('navigate') ? { action: { label: '去首页看看', href: tabs.home } } : {})}
      />
      {can('navigate') ? <WaysOn /> : null}
      {pageParameter('of') === 'article' ? <NewestStories /> : null}
    </>
  )
}

/** Their list is in the document (load-page.ts). It no longer has the story that is gone. */
const NewestStories = () =>
  can('navigate') ? (
    <View className="others">
      <OtherStories instead="" />
    </View>
  ) : null

/** The page of a withdrawn story, with the editors' reason if they gave one. */
export function Withdrawn() {
  useDropStory()
  const reason = pageParameter('reason')
  return (
    <>
      <StateView title="这篇文章已撤回" {...(reason ? { hint: `撤回原因：${reason}` } : {})} />
      {can('navigate') ? <WaysOn /> : null}
      <NewestStories />
    </>
  )
}
