/** The marks each figure is held against: at most, unless `atLeast`. */
export interface Mark {
  limit: number
  atLeast?: true
}

export const marks: Readonly<Record<string, Mark>> = {
  'weapp.main.bytes': { limit: 340_000 },
  'weapp.main.zip': { limit: 112_000 },
  'weapp.article.firstScreenBytes': { limit: 4_000 },
  'weapp.article.setDataBytes': { limit: 16_000 },
  'weapp.article.setDataCalls': { limit: 4 },
  'weapp.feed.setDataBytes': { limit: 13_000 },
  'weapp.vote.setDataBytes': { limit: 260 },
  'weapp.vote.changeBytes': { limit: 340 },
  'weapp.vote.setDataCalls': { limit: 2 },
  'reconnect.requests': { limit: 1 },
  'weapp.nodes': { limit: 300 },
  'weapp.depth': { limit: 9 },
  'article.open.calls': { limit: 1 },
  'article.open.dbOps.cold': { limit: 3 },
  'article.open.dbOps.warm': { limit: 2 },
  'article.open.replyBytes': { limit: 40_000 },
  'vote.lost': { limit: 0 },
  'vote.double': { limit: 0 },
  'vote.stale': { limit: 0 },
  'vote.perSecond / txn.perSecond': { limit: 0.6, atLeast: true },
  'txn.perSecond × 5 / get.perSecond': { limit: 0.5, atLeast: true },
  'vote.hot.p99': { limit: 2 },
  'open.perSecond / echo.perSecond': { limit: 0.12, atLeast: true },
  'vote.requests.calm': { limit: 8 },
  'vote.requests.hot': { limit: 13 },
  'feed.examined': { limit: 40 },
  'database.reopen': { limit: 3 },
  'ranking.examined': { limit: 5_000 },
  'clock.idle.requests': { limit: 2 },
  'withdraw.seconds': { limit: 5 },
  'function.coldStart': { limit: 0.6 },
  'start.first': { limit: 90 },
  'start.again': { limit: 5 },
}
