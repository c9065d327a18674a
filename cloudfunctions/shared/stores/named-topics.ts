import { command, db } from '../cloud'

/** The topic that stories name in their rows of `articles`. Publishing keeps it equal to the topic. */
const articles = () => db.collection('articles')

/**
 * Gives the stories of a topic its present title, and shows it in them. Each gets a new version, because readers' copies
 * of one version are equal. Repeating it changes nothing.
 */
export async function nameTopic(topicId: string, title: string): Promise<void> {
  await articles()
    .where(
      command.and([
        { 'topic.id': topicId },
        command.or([{ 'topic.title': command.neq(title) }, { 'topic.hidden': true }]),
      ]),
    )
    .update({ data: { 'topic.title': title, 'topic.hidden': command.remove(), version: command.inc(1) } })
}

/** Hides a withdrawn topic in its stories. */
export async function hideTopic(topicId: string): Promise<void> {
  await articles()
    .where({ ...{ 'topic.id': topicId }, 'topic.hidden': command.neq(true) })
    .update({ data: { 'topic.hidden': true, version: command.inc(1) } })
}
