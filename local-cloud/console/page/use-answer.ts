import { useCallback, useEffect, useState } from 'react'
import { messageOf } from './api'

/** Sends a request when the component mounts and returns its reply. `again` repeats it. */
export function useAnswer<Answer>(ask: () => Promise<Answer>): {
  answer: Answer | null
  fault: string
  again: () => Promise<void>
} {
  const [answer, setAnswer] = useState<Answer | null>(null)
  const [fault, setFault] = useState('')
  const again = useCallback(async () => {
    try {
      setAnswer(await ask())
      setFault('')
    } catch (error) {
      setFault(messageOf(error))
    }
  }, [ask])
  useEffect(() => {
    void again()
  }, [again])
  return { answer, fault, again }
}
