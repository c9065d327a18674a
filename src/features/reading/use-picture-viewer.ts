import Taro from '@tarojs/taro'
import { useCallback } from 'react'
import { attempt } from '#platform/optional'
import { pictureUrl } from '#platform/picture'
import type { PictureBlock } from './use-body'

/** Returns a function that opens one of a story's pictures in the platform's viewer. */
export function usePictureViewer(pictures: readonly PictureBlock[]): (block: PictureBlock) => void {
  return useCallback(
    block => {
      const at = pictures.indexOf(block)
      const current = pictureUrl(block.src)
      // WeChat opens the first picture with the address: the same picture before the tapped one is left out.
      const urls = pictures.map(({ src }) => pictureUrl(src)).filter((url, i) => i >= at || url !== current)
      attempt(() => Taro.previewImage({ current, urls }))
    },
    [pictures],
  )
}
