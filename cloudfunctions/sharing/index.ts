import { recordShare } from '#contract/sharing'
import { route, serve } from '../shared/serve'
import { recordShareHandler } from './record-share'

export const main = serve([route(recordShare, recordShareHandler)])
