import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { StoryRow } from './app-cloud'

const folder = path.resolve(__dirname, '../../dist/stories')

/** The lines of a table of the sample data, as `npm start` imports them. Build `stories` first. */
export const sampleLines = (
  table: 'drafts' | 'articles' | 'topics' | 'polls' | 'publishedTopics' | 'publishedPolls',
): string[] =>
  readFileSync(path.join(folder, `${table}.jsonl`), 'utf8')
    .trim()
    .split('\n')

export const sampleStories = (): StoryRow[] =>
  sampleLines('articles').map(line => JSON.parse(line) as StoryRow)

export type TopicRow = Record<string, unknown> & { _id: string; stories?: string[] }

/** The topics as publishing makes them. */
export const sampleTopics = (): TopicRow[] =>
  sampleLines('publishedTopics').map(line => JSON.parse(line) as TopicRow)

const timeOf = (row: StoryRow): string => (row.publishedAt as { $date: string }).$date

/** In the order of the feed. */
export const newestFirst = (rows: readonly StoryRow[]): StoryRow[] =>
  [...rows].sort((a, b) => (timeOf(a) < timeOf(b) ? 1 : -1))
