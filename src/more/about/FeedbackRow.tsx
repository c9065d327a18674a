import { Button } from '@tarojs/components'

/** WeChat's own feedback form: what is written there reaches the operators' console. */
export function FeedbackRow() {
  return (
    <Button className="about-action" openType="feedback">
      写意见反馈
    </Button>
  )
}
