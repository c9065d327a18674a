import { withoutUnseen } from '../shared/publishing/body/unseen-characters'

/**
 * A text as one line that machines read: without control characters, half characters, marks that reverse its direction,
 * and the two codes that are no characters. Rows that editors imported may contain them.
 */
export const plainLine = (text: string): string =>
  withoutUnseen(text)
    .text.replace(/[\ufffe\uffff]/g, '')
    .replace(/\s+/g, ' ')
    .trim()
