import { call } from '#cloud/call'
import { recordShare, type ShareChannel } from '#contract/sharing'

/** Notes a share in the ledger. Its failure is nobody's business: sharing never waits for it and never fails by it. */
export function noteShare(articleId: string, channel: ShareChannel, mark: string): void {
  call(recordShare, { articleId, channel, mark }).catch(() => undefined)
}
