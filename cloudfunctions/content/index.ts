import { openArticle } from '#contract/article'
import { readFeed } from '#contract/feed'
import { readHome } from '#contract/home'
import { search } from '#contract/search'
import { readTopic } from '#contract/topic'
import { route, serve } from '../shared/serve'
import { openArticleHandler } from './open-article'
import { readFeedHandler } from './read-feed'
import { readHomeHandler } from './read-home'
import { readTopicHandler } from './read-topic'
import { searchHandler } from './search'

export const main = serve([
  route(openArticle, openArticleHandler),
  route(readHome, readHomeHandler),
  route(readFeed, readFeedHandler),
  route(readTopic, readTopicHandler),
  route(search, searchHandler),
])
