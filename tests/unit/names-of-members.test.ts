import * as v from 'valibot'
import { OptionKey } from '#contract/poll'
import { channelOf } from '#site'
import { readPollSheet } from '../../stories/build/poll-sheet'

/** Names of members that every object inherits, so a careless lookup finds them. */
const members = ['constructor', 'prototype', 'toString', 'valueOf', 'hasOwnProperty', '__proto__']

test.each(members)('%s is not a channel, a column or an option of a poll', name => {
  expect(channelOf(name)).toBeUndefined()
  expect(channelOf('frontier')?.columns[name]).toBeUndefined()
  expect(v.is(OptionKey, name)).toBe(false)
})

test('channels and columns are found by their own names', () => {
  expect(channelOf('frontier')).toMatchObject({ label: '前沿' })
  expect(Object.keys(channelOf('frontier')?.columns ?? {})).toEqual(['astronomy', 'physics', 'materials'])
})

test('an editor is told about an option key that no answer could be counted under', () => {
  const sheet = (key: string) =>
    `question: 问\nopensAt: 2026-11-20 09:30\nclosesAt: 2026-11-21 09:30\noptions:\n  - key: ${key}\n    label: 一\n  - key: b\n    label: 二\n`
  expect(readPollSheet(sheet('a'))).toMatchObject({ question: '问' })
  expect(JSON.stringify(readPollSheet(sheet('constructor')))).toContain('constructor 或 prototype')
})
