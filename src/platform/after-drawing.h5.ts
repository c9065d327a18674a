/**
 * Web version of after-drawing.ts. A document that the reader leaves runs no further timers, so the work then runs at
 * once: without this, a story left at once was neither in 看过 nor readable offline.
 */
export function afterDrawing(work: () => void): void {
  const run = () => {
    clearTimeout(timer)
    removeEventListener('pagehide', run)
    document.removeEventListener('visibilitychange', run)
    work()
  }
  const timer = setTimeout(run, 300)
  addEventListener('pagehide', run)
  // A phone may end a hidden document without another event.
  document.addEventListener('visibilitychange', run)
}
