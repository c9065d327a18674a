import { parseBody } from '../../cloudfunctions/shared/publishing/body/read-body'
import { readDraft } from '../../cloudfunctions/shared/publishing/read-draft'
import { picturesOf, readDraftBody } from '../../cloudfunctions/shared/publishing/read-draft-body'
import type { Document } from '../database/ejson'

export interface DraftCheck {
  problems: string[]
  reminders: string[]
}

/**
 * Checks a draft as publishing does, but without opening its pictures: `isStored` tells which files exist in cloud
 * storage. Publishing may find more problems, such as a picture that is too small.
 */
export function checkDraft(row: Document, now: number, isStored: (fileId: string) => boolean): DraftCheck {
  const read = readDraft(row, now)
  const body = typeof row.body === 'string' && row.body.trim() !== '' ? parseBody(row.body) : null
  if (!body) return { problems: read.ok ? [] : read.problems, reminders: read.reminders }
  const pictures = picturesOf(body).map(address => {
    const [src = ''] = address.split('#')
    const isMissing = src.startsWith('cloud://') && !isStored(src)
    const found = { src, width: 1200, height: 900, bytes: null }
    return [address, isMissing ? { fault: '在云存储里找不到，请核对地址' } : found] as const
  })
  const { problems, reminders } = readDraftBody(body, new Map(pictures))
  return {
    problems: [...(read.ok ? [] : read.problems), ...problems.map(({ message }) => message)],
    reminders: [...read.reminders, ...reminders.map(({ message }) => message)],
  }
}
