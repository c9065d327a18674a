import { site } from '#site'

/** The web has no feedback form of WeChat's, so this is a mail link. */
export function FeedbackRow() {
  return (
    <a className="about-action" href={`mailto:${site.contact.feedback}`}>
      写意见反馈
    </a>
  )
}
