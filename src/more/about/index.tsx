import { Text, View } from '@tarojs/components'
import { useShareAppMessage } from '@tarojs/taro'
import { useState } from 'react'
import { wordsFor } from '#cloud/words'
import { Link } from '#components/Link'
import { forgetVotes } from '#features/reader/forget-votes'
import { siteCard } from '#features/sharing/share-card'
import { can } from '#platform/abilities'
import { baseLibrary, lowestBaseLibrary } from '#platform/base-library'
import { confirm } from '#platform/confirm'
import { useLook } from '#platform/look'
import { aboutUrl, principlesUrl } from '#platform/navigate'
import { tell } from '#platform/tell'
import { site } from '#site'
import { FeedbackRow } from './FeedbackRow'
import './index.scss'

function Section({ title, lines }: { title: string; lines: string[] }) {
  return (
    <>
      <Text className="about-title" aria-role="heading">
        {title}
      </Text>
      {lines.map(line => (
        <Text key={line} className="about-text" userSelect>
          {line}
        </Text>
      ))}
    </>
  )
}

/** 关于: who we are, how to contact us, what we store about a reader. */
export default function AboutPage() {
  const look = useLook('about')
  useShareAppMessage(() => siteCard(aboutUrl, `关于${site.name}`))
  const [forgetting, setForgetting] = useState(false)
  const [phone] = useState(baseLibrary)

  const forget = async () => {
    const confirmed = await confirm({
      title: '删除我的全部投票？',
      content: '您投过的心情和云投都会撤回，计数随之减少，不能恢复。',
      confirmText: '删除',
    })
    if (!confirmed) return
    setForgetting(true)
    try {
      const removed = await forgetVotes()
      tell(removed > 0 ? `已删除 ${removed} 票` : '没有您的投票')
    } catch (error) {
      tell(wordsFor(error))
    } finally {
      setForgetting(false)
    }
  }

  return (
    <View {...look}>
      <View className="about-column">
        <Text className="about-name">{site.name}</Text>
        <Text className="about-slogan">{site.slogan}</Text>

        <Section
          title="意见反馈"
          lines={['文章有错、功能不好用，都请告诉我们。也可以写信到：', site.contact.feedback]}
        />
        <FeedbackRow />

        <Section
          title="更正"
          lines={[
            '文章发布后发现差错，我们会尽快改正，并在标题下写明更正的时间和原因。不能改正的，撤回文章并说明原因。',
          ]}
        />
        <Link className="about-action" href={principlesUrl}>
          采编和更正原则
        </Link>

        <Section
          title="侵权投诉"
          lines={[
            '如果您认为这里的文字或图片侵犯了您的著作权、名誉权、隐私权等合法权益，请写信到：',
            // In a line of its own, so that it is not broken at its hyphen.
            site.contact.rights,
            '请写明：文章标题或链接、权利归属的证明、您的姓名和联系方式。我们会在收到后尽快核实，属实的立即撤下或更正，并给您答复。',
          ]}
        />

        <Section
          title="隐私"
          lines={[
            '阅读和投票都不需要登录，我们不收集昵称、头像、手机号、位置和通讯录。',
            '投票时，云端只保存由微信身份标识换算出的编号和您的选择，用来保证一人一票；它不能还原成您的身份。',
            '分享时，云端记下文章被分享的次数，不记录是谁分享给了谁。',
            '收藏、看过、最近搜索、离线内容和阅读设置只保存在这台设备上，可以在「书架」和「搜索」里清空。',
          ]}
        />
        {can('identity') ? (
          <View
            className="about-action"
            aria-role="button"
            onClick={() => {
              if (!forgetting) void forget()
            }}
          >
            {forgetting ? '正在删除…' : '删除我的全部投票'}
          </View>
        ) : null}

        <Text className="about-version">
          {`版本 ${APP_VERSION}${phone ? `　基础库 ${phone}` : ''}${lowestBaseLibrary ? `　微信基础库最低 ${lowestBaseLibrary}` : ''}`}
        </Text>
      </View>
    </View>
  )
}
