import { Text, View } from '@tarojs/components'
import Taro, { useRouter, useShareAppMessage, useShareTimeline } from '@tarojs/taro'
import { useEffect } from 'react'
import * as v from 'valibot'
import { CallFailed, call } from '#cloud/call'
import { useQuery } from '#cloud/use-query'
import { wordsFor } from '#cloud/words'
import { Skeleton } from '#components/Skeleton'
import { StateView } from '#components/StateView'
import { openArticle } from '#contract/article'
import { ArticleId } from '#contract/ids'
import { MoodVote } from '#features/moods/MoodVote.tsx'
import { ArticleBlock } from '#features/reading/ArticleBlock.tsx'
import { ArticleHead } from '#features/reading/ArticleHead.tsx'
import { bodyOf } from '#features/reading/body-of'
import { RelatedList } from '#features/reading/RelatedList.tsx'
import { useStages } from '#features/reading/use-stages'
import { noteShare } from '#features/sharing/record-share'
import { friendCard, momentsCard } from '#features/sharing/share-card'
import { newShareMark } from '#features/sharing/share-mark'
import { pictureUrl } from '#platform/picture'
import { isSinglePage } from '#platform/single-page'
import './index.scss'

/** Blocks sent with the headline: enough for the first screen. */
const firstBlocks = 5

function goHome(): void {
  void Taro.reLaunch({ url: '/pages/home/index' })
}

function openStory(id: string): void {
  void Taro.navigateTo({ url: `/pages/article/index?id=${id}` })
}

export default function ArticlePage() {
  const id = useRouter().params.id ?? ''
  const known = v.is(ArticleId, id)
  const opened = useQuery(id, () =>
    known ? call(openArticle, { articleId: id }) : Promise.reject(new CallFailed('not-found', 'no such id')),
  )
  const article = opened.state === 'ready' ? opened.data.article : undefined
  const stage = useStages(article?.id ?? '', article ? 2 : 0)
  const singlePage = isSinglePage()

  const shared = article && {
    title: article.title,
    ...(article.cover ? { cover: pictureUrl(article.cover.src) } : {}),
  }
  useShareAppMessage(() => {
    const mark = newShareMark()
    if (article) noteShare(id, 'friend', mark)
    return friendCard(id, shared, mark)
  })
  useShareTimeline(() => {
    const mark = newShareMark()
    if (article) noteShare(id, 'moments', mark)
    return momentsCard(id, shared, mark)
  })

  const title = article?.title
  useEffect(() => {
    // Single-page mode switches the navigation bar's API off; its title comes from the page's config.
    if (title && !singlePage) void Taro.setNavigationBarTitle({ title })
  }, [title, singlePage])

  if (opened.state === 'loading') {
    return (
      <View className="article">
        <Skeleton
          rows={['short', 'head', 'head', 'short', 'line', 'line', 'line', 'short', 'line', 'line']}
        />
      </View>
    )
  }
  if (opened.state === 'failed') {
    const gone = opened.error instanceof CallFailed && opened.error.code === 'not-found'
    return (
      <View className="article">
        <StateView
          title={wordsFor(opened.error)}
          {...(singlePage
            ? {}
            : {
                action: gone
                  ? { label: '去首页看看', run: goHome }
                  : { label: '重新加载', run: opened.reload },
              })}
        />
      </View>
    )
  }

  const { article: story, mood, related } = opened.data
  const onStory = singlePage ? undefined : openStory
  const body = bodyOf(story)
  const pictures = body.flatMap(block => (block.type === 'picture' ? [pictureUrl(block.src)] : []))
  const showPicture = (current: string) =>
    void Taro.previewImage({ current: pictureUrl(current), urls: pictures })
  const blocks = stage === 0 ? body.slice(0, firstBlocks) : body
  return (
    <View className="article">
      <ArticleHead article={story} onHome={singlePage ? undefined : goHome} />
      {blocks.map((block, index) => (
        <ArticleBlock
          // biome-ignore lint/suspicious/noArrayIndexKey: a story's blocks do not move
          key={index}
          block={block}
          onStory={onStory}
          onPicture={showPicture}
        />
      ))}
      {stage > 0 ? (
        <>
          <Text className="sign">{`文：${story.author}　[ 责编：${story.editor} ]`}</Text>
          <MoodVote key={story.id} articleId={story.id} opened={mood} />
        </>
      ) : null}
      {stage > 1 ? <RelatedList items={related} onStory={onStory} /> : null}
    </View>
  )
}
