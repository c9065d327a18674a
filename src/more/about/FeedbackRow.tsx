import { Button } from '@tarojs/components'

/** WeChat's own feedback form. The operators read the entries in their console. */
export function FeedbackRow() {
  return (
    <Button className="about-action" openType="feedback">
      写意见反馈
    </Button>
  )
}
