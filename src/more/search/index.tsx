import { Text, View } from '@tarojs/components'
import { useShareAppMessage } from '@tarojs/taro'
import { useState } from 'react'
import { wordsFor } from '#cloud/words'
import { Link } from '#components/Link'
import { Part } from '#components/Part'
import { Skeleton } from '#components/Skeleton'
import { StateView } from '#components/StateView'
import { queryOf } from '#contract/search'
import { FeedEnd } from '#features/feed/FeedEnd.tsx'
import { TopicStrip } from '#features/feed/TopicStrip.tsx'
import { useListPage } from '#features/feed/use-list-page'
import { openStory } from '#features/reading/open-story'
import { FoundItem } from '#features/search/FoundItem.tsx'
import { clearRecent, listRecent, noteRecent } from '#features/search/recent-searches'
import { SearchBox } from '#features/search/SearchBox.tsx'
import { searchList } from '#features/search/search-list'
import { useAsked } from '#features/search/use-asked'
import { Words } from '#features/search/Words.tsx'
import { siteCard } from '#features/sharing/share-card'
import { useLook } from '#platform/look'
import { channelUrl, searchUrl } from '#platform/navigate'
import { useParameter } from '#platform/query'
import { useStored } from '#platform/use-stored'
import { channels, site } from '#site'
import './index.scss'

/** Columns to visit if there is nothing to show. */
function Suggestions({ title }: { title: string }) {
  return (
    <>
      <Text className="search-heading" aria-role="heading">
        {title}
      </Text>
      <View className="search-columns">
        {Object.entries(channels).flatMap(([channel, { columns }]) =>
          Object.entries(columns).map(([column, label]) => (
            <Link key={`${channel}/${column}`} className="search-column" href={channelUrl(channel, column)}>
              {label}
            </Link>
          )),
        )}
      </View>
    </>
  )
}

function Results({ query }: { query: string }) {
  const { pages, retry } = useListPage(searchList(query))
  const { items, state, at, first } = pages
  const topics = first?.topics ?? []
  // The index has the pairs of characters of a text, and single ones of its head alone.
  const narrow = [...query].length === 1 ? '单个字只在标题、摘要和标签里找，多写一个字找得更全' : ''
  const found = [
    first?.total ? `${first.total} 篇文章${first.more ? '以上' : ''}` : '',
    topics.length > 0 ? `${topics.length} 个专题` : '',
  ].filter(Boolean)
  if (items.length > 0 || topics.length > 0) {
    return (
      <>
        {found.length > 0 ? (
          <Text className="search-heading">{`找到 ${found.join('、')}${narrow && `。${narrow}`}`}</Text>
        ) : null}
        <Part>
          <TopicStrip topics={topics} />
        </Part>
        {items.map(item => (
          <Part key={item.id}>
            <FoundItem item={item} now={at} onOpen={openStory} />
          </Part>
        ))}
        {items.length === 0 && state === 'ended' ? null : <FeedEnd pages={pages} onMore={retry} />}
      </>
    )
  }
  if (state === 'loading') return <Skeleton rows={['head', 'line', 'short', 'head', 'line', 'short']} />
  if (state === 'failed') {
    return <StateView title={wordsFor(pages.error)} action={{ label: '重新搜索', run: retry }} />
  }
  return (
    <>
      <StateView
        title={`没有找到「${query}」`}
        hint={narrow || '正文只收关键词，不是每个字都能搜到。换个说法，或只写一个名词试试'}
      />
      <Suggestions title="或者看看这些栏目" />
    </>
  )
}

export default function SearchPage() {
  const look = useLook('search')
  useShareAppMessage(() => siteCard(searchUrl, `${site.name} · 搜索`))
  const [typed, setTyped] = useState(useParameter('q'))
  const [query, setQuery] = useAsked(queryOf(typed))
  const [recent, setRecent] = useStored<string[]>(listRecent, [])

  const ask = (words: string) => {
    const next = queryOf(words)
    setTyped(next)
    setQuery(next)
    if (!next) return
    noteRecent(next)
    setRecent(listRecent())
  }

  return (
    <View {...look}>
      <View className="search-column-wide">
        <SearchBox
          typed={typed}
          onType={words => {
            setTyped(words)
            if (!words) setQuery('')
          }}
          onSearch={() => ask(typed)}
          focus={!query}
        />
        {query ? (
          <Results query={query} />
        ) : (
          <>
            {recent.length > 0 ? (
              <>
                <View className="search-bar">
                  <Text className="search-heading" aria-role="heading">
                    最近搜索
                  </Text>
                  <View
                    className="search-clear"
                    aria-role="button"
                    onClick={() => {
                      clearRecent()
                      setRecent([])
                    }}
                  >
                    清空
                  </View>
                </View>
                <Words words={recent} onChoose={ask} />
              </>
            ) : null}
            <Suggestions title="看看这些栏目" />
          </>
        )}
      </View>
    </View>
  )
}
