import { drawCode } from '#contract/poster'
import { recordOpening, recordShare } from '#contract/sharing'
import { route, serve } from '../shared/serve'
import { drawCodeHandler } from './draw-code'
import { recordOpeningHandler } from './record-opening'
import { recordShareHandler } from './record-share'

export const main = serve([
  route(recordShare, recordShareHandler),
  route(recordOpening, recordOpeningHandler),
  route(drawCode, drawCodeHandler),
])
