import { withoutUnseen } from '../shared/unseen-characters'

/** A text as one line that machines read, without characters that nobody sees. */
export const plainLine = (text: string): string => withoutUnseen(text).text.replace(/\s+/g, ' ').trim()
