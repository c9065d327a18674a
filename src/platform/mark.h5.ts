import { useStored } from './use-stored'

const read = (): string => /[?&]mark=([0-9a-z]{10})(?!\w)/.exec(location.search)?.[1] ?? ''

/** As in mark.ts. Only the browser reads it: the server draws one document for all marks. */
export const useMark = (): string => useStored(read, '')[0]
