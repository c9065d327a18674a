import { site } from '#site'

/** The web has no form of WeChat's: a letter. */
export function FeedbackRow() {
  return (
    <a className="about-action" href={`mailto:${site.contact.feedback}`}>
      写意见反馈
    </a>
  )
}
