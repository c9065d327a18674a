import { openArticle } from '#contract/article'
import { readFeed } from '#contract/feed'
import { route, serve } from '../shared/serve'
import { openArticleHandler } from './open-article'
import { readFeedHandler } from './read-feed'

export const main = serve([route(openArticle, openArticleHandler), route(readFeed, readFeedHandler)])
