import { Text, View } from '@tarojs/components'
import { useAddToFavorites, useShareAppMessage, useShareTimeline } from '@tarojs/taro'
import { useCallback, useEffect, useMemo, useState } from 'react'
import { CallFailed } from '#cloud/call'
import { wordsFor } from '#cloud/words'
import { Link } from '#components/Link'
import { Part } from '#components/Part'
import type { ShareChannel } from '#contract/sharing'
import { MoodVote } from '#features/moods/MoodVote.tsx'
import { PollVote } from '#features/polls/PollVote.tsx'
import { ArticleBody } from '#features/reading/ArticleBody.tsx'
import { ArticleHead, signOf } from '#features/reading/ArticleHead.tsx'
import { FailedStory } from '#features/reading/FailedStory.tsx'
import { openStory, openStoryById, teaserOf } from '#features/reading/open-story'
import { ReadingBar } from '#features/reading/ReadingBar.tsx'
import { RelatedList } from '#features/reading/RelatedList.tsx'
import { cacheMood, type OpenedStory, pinCachedStories } from '#features/reading/story-cache'
import { useBody } from '#features/reading/use-body'
import { useFold } from '#features/reading/use-fold'
import { useNearEnd } from '#features/reading/use-near-end'
import { useReadingPlace } from '#features/reading/use-reading-place'
import { useStory } from '#features/reading/use-story'
import { guideNow } from '#features/sharing/guide-words'
import { noteOpening, noteShare } from '#features/sharing/ledger'
import { ShareRow } from '#features/sharing/ShareRow.tsx'
import { ShareSheet } from '#features/sharing/ShareSheet.tsx'
import { friendCard, momentsCard, storyLink } from '#features/sharing/share-card'
import { newShareMark } from '#features/sharing/share-mark'
import { listFavourites, noteRead } from '#features/shelf/shelf-store'
import { can } from '#platform/abilities'
import { afterDrawing } from '#platform/after-drawing'
import { copyText } from '#platform/copy-text'
import { useCopyUrl } from '#platform/copy-url'
import { useLook } from '#platform/look'
import { useMark } from '#platform/mark'
import { storyUrl, tabs, topicUrl } from '#platform/navigate'
import { openPoster } from '#platform/open-poster'
import { usePageHead } from '#platform/page-head'
import { pictureUrl } from '#platform/picture'
import { useIdParameter } from '#platform/query'
import { scrollPage } from '#platform/scroll-page'
import { shareBySystem } from '#platform/system-share'
import { tell } from '#platform/tell'
import { ActionBar } from './ActionBar'
import { MoreReading } from './MoreReading'
import { OtherStories } from './OtherStories'
import './index.scss'

function toPoll(): void {
  scrollPage({ selector: '.poll', offsetTop: -48 })
}

export default function ArticlePage() {
  const id = useIdParameter()
  const leadsOn = can('navigate')
  const hasShelf = can('storage')
  const look = useLook('article')
  const barsLook = useLook('bars')
  const opened = useStory(id)
  const data = opened.state === 'ready' ? opened.data : undefined
  const article = data?.article
  const [whole, openFold] = useFold()
  const body = useBody(article, can('fold'), whole)
  const [guiding, setGuiding] = useState(false)
  const keepMood = useCallback((mood: OpenedStory['mood']) => afterDrawing(() => cacheMood(id, mood)), [id])
  const near = useNearEnd(body.drawn && leadsOn)
  useReadingPlace(
    hasShelf ? id : '',
    {
      drawn: body.drawn,
      whole: body.rest === 0,
      parts: body.upTo,
      complete: body.upTo >= body.batches.length,
    },
    openFold,
  )

  const story = article ?? teaserOf(id)
  const parent = useMark()
  const newMark = (channel: ShareChannel): string => {
    const mark = newShareMark()
    noteShare({ articleId: id, channel, mark, ...(parent ? { parent } : {}) })
    return mark
  }
  const openGuide = () => {
    const title = story?.title ?? ''
    if (!shareBySystem(() => ({ title, url: storyLink(id, newMark('link')) }))) setGuiding(true)
  }
  useShareAppMessage(() => friendCard(id, story, newMark('friend')))
  useShareTimeline(() => momentsCard(id, story, newMark('moments')))
  useAddToFavorites(() => momentsCard(id, story, newMark('favourites')))
  useCopyUrl(() => momentsCard(id, story, newMark('link')).query)

  const cover = article?.shareCover ?? article?.cover
  usePageHead({
    title: story?.title,
    words: story?.teaser,
    picture: cover && pictureUrl(cover.src),
    path: storyUrl(id),
    // The headline does, and 正在阅读 once it is out of sight.
    named: true,
  })

  useEffect(() => {
    if (!article || !hasShelf) return
    afterDrawing(() => {
      noteRead(article)
      // A favourite whose copy was cleared or dropped has a new one.
      pinCachedStories(listFavourites())
    })
  }, [article, hasShelf])
  const known = article !== undefined
  useEffect(() => {
    if (known) noteOpening(id, parent)
  }, [known, id, parent])

  const place = useMemo(() => ({ articleId: id }), [id])

  if (opened.state === 'failed') {
    const gone = opened.error instanceof CallFailed && opened.error.code === 'not-found'
    const action = gone ? { label: '去首页看看', href: tabs.home } : { label: '重新加载', run: opened.reload }
    return (
      <View {...look}>
        <FailedStory title={wordsFor(opened.error)} {...(gone && !leadsOn ? {} : { action })} />
        {gone ? <OtherStories instead={id} /> : null}
      </View>
    )
  }

  const wait = data ? '' : story ? ' article-wait' : ' article-wait article-wait--all'
  const copy = () => {
    void copyText(storyLink(id, newMark('link'))).then(copied => {
      tell(copied ? '链接已复制' : guideNow().uncopied)
    })
  }
  // Add later content only after existing nodes: Taro then sends only the new nodes. For this reason the bars, which
  // float over the page, have their own root.
  return (
    <>
      <View {...look} className={look.className + wait}>
        {story ? (
          <Part>
            <ArticleHead story={story} offline={opened.state === 'ready' && opened.from === 'offline'} />
          </Part>
        ) : null}
        {data ? (
          <ArticleBody
            batches={body.batches}
            upTo={body.upTo}
            behind={body.behind}
            onStory={leadsOn ? openStoryById : undefined}
            pictures={body.pictures}
          />
        ) : null}
        {data && body.drawn ? (
          <>
            {body.folds ? (
              // An open fold stays in its place, hidden: removing it would send every node after it again.
              <View
                className={body.rest > 0 ? 'article-fold' : 'article-fold article-fold--open'}
                aria-role="button"
                onClick={openFold}
              >
                {body.rest > 0 ? `阅读剩余全文（${body.rest}%）` : ''}
              </View>
            ) : null}
            <Text className="article-sign">{signOf(data.article)}</Text>
            {data.article.topic ? (
              <Link
                className={leadsOn ? 'article-link' : 'article-sign'}
                href={topicUrl(data.article.topic.id)}
              >
                {`独家策划 · ${data.article.topic.title}${leadsOn ? ' ›' : ''}`}
              </Link>
            ) : null}
            <Part>
              <MoodVote key={id} articleId={id} opened={data.mood} onChange={keepMood} />
            </Part>
            {leadsOn ? (
              <>
                <View className="article-links">
                  <Link className="article-link" href={tabs.ranking}>
                    新闻表情排行 ›
                  </Link>
                  {data.article.poll ? (
                    <View className="article-link" aria-role="button" onClick={toPoll}>
                      云投 ›
                    </View>
                  ) : null}
                </View>
                <ShareRow
                  onGuide={openGuide}
                  onPoster={() => openPoster(id, parent, () => newMark('poster'))}
                />
              </>
            ) : null}
            <Part>{data.article.poll ? <PollVote place={place} /> : null}</Part>
            <Part>
              <RelatedList items={data.related} onStory={openStoryById} />
            </Part>
          </>
        ) : null}
        <Part>{near && leadsOn ? <MoreReading id={id} onOpen={openStory} /> : null}</Part>
      </View>
      {data && body.drawn ? (
        <View {...barsLook}>
          <ReadingBar title={data.article.title} />
          {leadsOn ? <ActionBar story={data.article} onGuide={openGuide} /> : null}
          {guiding ? <ShareSheet onCopy={copy} onClose={() => setGuiding(false)} /> : null}
        </View>
      ) : null}
    </>
  )
}
