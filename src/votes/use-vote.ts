import { useCallback, useEffect, useMemo, useRef, useSyncExternalStore } from 'react'
import type { Outcome, VoteState, VoteStore } from './vote-store'

/**
 * Returns a subject's state including the reader's own choice, and a function for a tap on it. `read` is the state that
 * the page has read, undefined until there is one. The server renders `read` alone, because it has no stored choices.
 */
export function useVote<State extends VoteState, Choice, Own>(
  votes: VoteStore<State, Choice, Own>,
  subject: string | undefined,
  read: State | undefined,
  onOutcome: (outcome: Outcome) => void,
) {
  const hear = useRef(onOutcome)
  hear.current = onOutcome
  const subscribe = useCallback(
    (onChange: () => void) =>
      subject === undefined
        ? () => undefined
        : votes.subscribe(subject, outcome => {
            onChange()
            if (outcome) hear.current(outcome)
          }),
    [votes, subject],
  )
  const asRead = useMemo(() => read && { state: read, pending: false }, [read])
  const onPhone = () => (subject === undefined || !read ? undefined : votes.shown(subject, read))
  const shown = useSyncExternalStore(subscribe, onPhone, () => asRead)

  useEffect(() => {
    if (subject !== undefined && read) votes.resume(subject)
  }, [votes, subject, read])

  const tap = useCallback(
    (next: (before: Choice | Own) => Choice) => {
      if (subject !== undefined) votes.tap(subject, next)
    },
    [votes, subject],
  )
  return { state: shown?.state, pending: shown?.pending ?? false, tap }
}
