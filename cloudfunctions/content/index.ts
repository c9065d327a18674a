import { openArticle } from '#contract/article'
import { readFeed } from '#contract/feed'
import { readHome } from '#contract/home'
import { openPreview } from '#contract/preview'
import { search } from '#contract/search'
import { readTopic } from '#contract/topic'
import { openArticleHandler } from '../shared/reading/open-article'
import { openPreviewHandler } from '../shared/reading/open-preview'
import { readFeedHandler } from '../shared/reading/read-feed'
import { readHomeHandler } from '../shared/reading/read-home'
import { readTopicHandler } from '../shared/reading/read-topic'
import { searchHandler } from '../shared/reading/search'
import { route, serve } from '../shared/serve'

export const main = serve([
  route(openArticle, openArticleHandler),
  route(readHome, readHomeHandler),
  route(readFeed, readFeedHandler),
  route(readTopic, readTopicHandler),
  route(search, searchHandler),
  route(openPreview, openPreviewHandler),
])
