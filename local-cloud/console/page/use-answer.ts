import { useCallback, useEffect, useRef, useState } from 'react'
import { messageOf } from './api'

/** Sends a request when the component mounts and returns its reply. `again` repeats it. */
export function useAnswer<Answer>(ask: () => Promise<Answer>): {
  answer: Answer | null
  fault: string
  again: () => Promise<void>
} {
  const [answer, setAnswer] = useState<Answer | null>(null)
  const [fault, setFault] = useState('')
  const asked = useRef(0)
  const again = useCallback(async () => {
    asked.current += 1
    const turn = asked.current
    /** An answer that comes after the one to a later request is about what is no longer shown. */
    const isLatest = () => turn === asked.current
    try {
      const got = await ask()
      if (!isLatest()) return
      setAnswer(got)
      setFault('')
    } catch (error) {
      if (isLatest()) setFault(messageOf(error))
    }
  }, [ask])
  useEffect(() => {
    void again()
  }, [again])
  return { answer, fault, again }
}
