import { Skeleton } from '#components/Skeleton'

/** Until the page's script has looked into this browser; a browser without script keeps nothing. */
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
