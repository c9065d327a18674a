import { setMood } from '#contract/mood'
import { answerPoll, readPoll } from '#contract/poll'
import { readRanking } from '#contract/ranking'
import { forgetReader } from '#contract/reader'
import { readPollHandler } from '../shared/reading/read-poll'
import { readRankingHandler } from '../shared/reading/read-ranking'
import { route, serve } from '../shared/serve'
import { answerPollHandler } from './answer-poll'
import { forgetReaderHandler } from './forget-reader'
import { setMoodHandler } from './set-mood'

export const main = serve([
  route(setMood, setMoodHandler),
  route(readRanking, readRankingHandler),
  route(readPoll, readPollHandler),
  route(answerPoll, answerPollHandler),
  route(forgetReader, forgetReaderHandler),
])
