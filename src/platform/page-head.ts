import Taro from '@tarojs/taro'
import { useEffect } from 'react'
import { can } from './abilities'
import { attempt } from './optional'

/** Title, description and picture of a page, for the navigation bar and for links to the page. */
export interface PageHead {
  /** Absent while unknown: the page keeps the title from its configuration. */
  title: string | undefined
  /** A one-sentence description. */
  words?: string | undefined
  /** Address of the picture. */
  picture?: string | undefined
  /** The page's own address, without parameters that say how the reader entered it (`mark`, `scene`). */
  path?: string
  /** True if WeChat's bar keeps the title of the page's config, because the page names itself. */
  named?: true
}

/**
 * Sets the title in WeChat's bar. On the web also the tab's title and the preview of a shared link (page-head.h5.ts).
 */
export function usePageHead({ title, named }: PageHead): void {
  useEffect(() => {
    // Single-page mode disables the navigation bar's API; its title comes from the page's config.
    if (title && !named && can('bars')) attempt(() => Taro.setNavigationBarTitle({ title }))
  }, [title, named])
}
