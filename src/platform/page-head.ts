import Taro from '@tarojs/taro'
import { useEffect } from 'react'
import { attempt } from './optional'
import { isSinglePage } from './single-page'

/** What a page is about, for the bars and links around it. */
export interface PageHead {
  /** Absent while it is not known: the page keeps the title of its configuration. */
  title: string | undefined
  /** A sentence on it. */
  words?: string | undefined
  /** Address of its picture. */
  picture?: string | undefined
  /** The page's own address, without what says how it was entered (`mark`, `scene`). */
  path?: string
}

/** Names the page in WeChat's bar; on the web also the browser's tab and the card of a shared link (page-head.h5.ts). */
export function usePageHead({ title }: PageHead): void {
  useEffect(() => {
    // Single-page mode switches the navigation bar's API off; its title comes from the page's config.
    if (title && !isSinglePage()) attempt(() => Taro.setNavigationBarTitle({ title }))
  }, [title])
}
