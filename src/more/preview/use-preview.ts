import * as v from 'valibot'
import { CallFailed, call } from '#cloud/call'
import { useQuery } from '#cloud/use-query'
import { openPreview, PreviewScene } from '#contract/preview'

export const previewKey = (scene: string): string => `preview:${scene}`

/** Loads the preview of a draft and stores nothing on the phone. A malformed scene fails without a call. */
export function usePreview(scene: string) {
  return useQuery(previewKey(scene), () =>
    v.is(PreviewScene, scene)
      ? call(openPreview, { scene })
      : Promise.reject(new CallFailed('not-found', 'no such scene')),
  )
}
