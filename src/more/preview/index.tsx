import { Text, View } from '@tarojs/components'
import { CallFailed } from '#cloud/call'
import { wordsFor } from '#cloud/words'
import { Part } from '#components/Part'
import { Skeleton } from '#components/Skeleton'
import { withoutSigns } from '#contract/addresses'
import type { PreviewPoll } from '#contract/preview'
import { ArticleBody } from '#features/reading/ArticleBody.tsx'
import { ArticleHead, signOf } from '#features/reading/ArticleHead.tsx'
import { FailedStory } from '#features/reading/FailedStory.tsx'
import { openStoryById } from '#features/reading/open-story'
import { useBody } from '#features/reading/use-body'
import { useLook } from '#platform/look'
import { usePageHead } from '#platform/page-head'
import { useParameter } from '#platform/query'
import { fullTime } from '../../text/beijing-time'
import { usePreview } from './use-preview'
import './index.scss'

/** Error codes after which the link itself is useless: nothing but a new one helps. */
const closed = new Set(['not-found', 'invalid'])

/** A poll in lines: its question, and its options without votes. */
const pollWords = (poll: PreviewPoll | undefined): string =>
  poll
    ? [
        `云投 · ${poll.question}（${poll.choices === 'one' ? '单选' : '多选'}）`,
        ...poll.options.map(({ label }) => `· ${label}`),
      ].join('\n')
    : '云投 · 发布后显示在这里'

/**
 * The preview of a draft, opened by the link or mini-code that an editor made: the story without votes, sharing and
 * favourites. The phone stores nothing of it.
 */
export default function PreviewPage() {
  const look = useLook('preview')
  const opened = usePreview(withoutSigns(useParameter('scene')))
  const article = opened.state === 'ready' ? opened.data.article : undefined
  const body = useBody(article, false, true)
  usePageHead({ title: article ? `预览：${article.title}` : '预览' })

  if (opened.state === 'failed') {
    const { error, reload } = opened
    const isClosed = error instanceof CallFailed && closed.has(error.code)
    return (
      <View {...look}>
        {isClosed ? (
          <FailedStory title="这个预览打不开" hint="链接不完整，或者已经过期，请编辑再做一个" />
        ) : (
          <FailedStory title={wordsFor(error)} action={{ label: '重新加载', run: reload }} />
        )}
      </View>
    )
  }
  if (opened.state === 'loading' || !article)
    return (
      <View {...look}>
        <Skeleton rows={['short', 'head', 'line', 'line', 'line', 'short']} />
      </View>
    )
  const related = (opened.data.related ?? []).map(({ title }) => `· ${title}`)
  return (
    <View {...look}>
      <Text className="preview-note">
        {`预览：还没有发布，请不要转发。${fullTime(opened.data.expiresAt)} 后打不开`}
      </Text>
      <Part>
        <ArticleHead story={article} offline={false} />
      </Part>
      <ArticleBody
        batches={body.batches}
        upTo={body.upTo}
        behind={body.behind}
        onStory={openStoryById}
        pictures={body.pictures}
      />
      <Text className="preview-sign">{signOf(article)}</Text>
      {article.topic ? <Text className="preview-sign">{`独家策划 · ${article.topic.title}`}</Text> : null}
      {article.poll ? <Text className="preview-sign">{pollWords(opened.data.poll)}</Text> : null}
      {related.length > 0 ? (
        <Text className="preview-sign">{['相关阅读', ...related].join('\n')}</Text>
      ) : null}
      <View className="preview-mark" />
    </View>
  )
}
