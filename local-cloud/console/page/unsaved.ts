import { useEffect, useRef } from 'react'

/** Whether the open form holds something that is not saved. */
let isUnsaved = (): boolean => false

/** Whether the open form may be left. Asks the editor, if something in it is not saved. */
export const mayLeave = (): boolean =>
  !isUnsaved() || window.confirm('你写的还没有保存，离开就找不回来了。确实离开吗？')

/** While the form is shown, `mayLeave` and the browser ask before it is left. */
export function useUnsaved(isChanged: () => boolean): void {
  const latest = useRef(isChanged)
  latest.current = isChanged
  useEffect(() => {
    const hold = (event: BeforeUnloadEvent) => {
      if (latest.current()) event.preventDefault()
    }
    isUnsaved = () => latest.current()
    window.addEventListener('beforeunload', hold)
    return () => {
      isUnsaved = () => false
      window.removeEventListener('beforeunload', hold)
    }
  }, [])
}
