import * as v from 'valibot'
import { CallFailed, call } from '#cloud/call'
import type { InputOf } from '#contract/endpoint'
import { ShareMark } from '#contract/ids'
import { recordOpening, recordShare } from '#contract/sharing'
import { can, wayIn } from '#platform/abilities'
import { afterDrawing } from '#platform/after-drawing'
import { onNetworkBack } from '#platform/network'
import { readStored, readStoredRows, writeStored } from '#platform/storage'
import { newShareMark } from './share-mark'

/** What the cloud has not recorded yet. It is stored, so that it is sent again later. */
const key = 'ledger'
const Row = v.union([recordShare.input, recordOpening.input])
const rowsAtMost = 20

let rows: v.InferOutput<typeof Row>[] | undefined
let sending = false
let watching = false
/** The mark of the last opening: a page that is drawn again is no other opening. */
let seen = ''

async function send(): Promise<void> {
  if (sending) return
  sending = true
  rows ??= readStoredRows(key, Row)
  for (let row = rows[0]; row; row = rows[0]) {
    try {
      await ('way' in row ? call(recordOpening, row) : call(recordShare, row))
    } catch (error) {
      // Anything else is a final answer.
      if (error instanceof CallFailed && /^(unavailable|internal)$/.test(error.code)) {
        if (!watching) onNetworkBack(() => void send())
        watching = true
        break
      }
    }
    rows.shift()
    writeStored(key, rows)
  }
  sending = false
}

function note(row: v.InferOutput<typeof Row>): void {
  rows ??= readStoredRows(key, Row)
  if (rows.length >= rowsAtMost) return
  rows.push(row)
  writeStored(key, rows)
  void send()
}

/** Records a share in the ledger, in the background. */
export const noteShare = (row: InputOf<typeof recordShare>): void => afterDrawing(() => note(row))

/** A reader without identity gets a random one for this storage. */
function guestId(): string {
  const id = readStored('guest', ShareMark) ?? newShareMark()
  writeStored('guest', id)
  return id
}

/** Records that the reader came to a story by a mark, after the story is drawn. Sends also what waits to be sent. */
export function noteOpening(articleId: string, mark: string): void {
  afterDrawing(() => {
    const way = wayIn()
    if (mark && way && mark !== seen) {
      seen = mark
      note({ articleId, mark, way, ...(can('identity') ? {} : { guest: guestId() }) })
    } else void send()
  })
}
