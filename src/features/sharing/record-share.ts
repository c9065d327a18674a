import { call } from '#cloud/call'
import { recordShare, type ShareChannel } from '#contract/sharing'

/** Records a share in the ledger. Fire and forget: a failure is ignored. */
export function noteShare(articleId: string, channel: ShareChannel, mark: string): void {
  call(recordShare, { articleId, channel, mark }).catch(() => undefined)
}
