import { Skeleton } from '#components/Skeleton'

/**
 * Shown until the page's script has read this browser's storage. Without script, tells the reader that the shelf needs
 * it.
 */
export function Waiting() {
  return (
    <>
      <div className="scripted">
        <Skeleton stories rows={['head', 'line', 'short', 'head', 'line', 'short']} />
      </div>
      <p className="state-hint unscripted">收藏和看过的文章保存在浏览器里，需要启用 JavaScript 才能显示。</p>
    </>
  )
}
