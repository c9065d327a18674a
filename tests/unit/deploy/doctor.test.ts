import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { documentFacts } from '../../../deploy/doctor/facts'
import { type Facts, judge } from '../../../deploy/doctor/judge'
import { privacyApis } from '../../../deploy/doctor/privacy'
import type { Step } from '../../../deploy/plan'
import { fakeDocuments } from './fake-documents'

const hour = 3_600_000
const now = Date.UTC(2026, 10, 27)

/** A live mini-program with nothing left to do. */
const well: Facts = {
  environment: 'kepu-0g12',
  isLocal: false,
  node: { version: 'v22.16.0', wanted: '^22.16', fits: true },
  appid: 'wx0123456789abcdef',
  unreachable: null,
  usesOpa: false,
  steps: [],
  missing: null,
  guestsMayCall: null,
  anonymousLogin: true,
  lastTick: now - hour,
  hasDocuments: true,
  now,
  salt: { found: 'aa', known: 'aa' },
  hasEditorKeys: true,
  hasMiniCodes: true,
  privacy: [],
  channels: ['前沿'],
  icp: '京ICP备12345678号-1',
  webDomain: 'kepu.example.cn',
}
const verdicts = (facts: Facts, wanted: string) =>
  judge(facts)
    .filter(({ verdict }) => verdict === wanted)
    .map(({ about }) => about)

test('finds nothing to mend where all is well, and lists what only a person can see', () => {
  expect(verdicts(well, 'mend')).toEqual([])
  expect(verdicts(well, 'look')).toEqual(['未登录访问', 'category', 'AI and algorithms'])
})

const rule: Step = { do: 'set-collection-rule', name: 'votes', rule: 'ADMINONLY' }
const index: Step = {
  do: 'create-index',
  collection: 'votes',
  index: { name: 'changed', fields: [{ field: 'kind', direction: 1 }], unique: false },
}

test.each<[about: string, changes: Partial<Facts>, says: RegExp, next: RegExp]>([
  ['node', { node: { ...well.node, fits: false } }, /is not \^22/, /install Node/],
  ['appid', { appid: 'touristappid' }, /not set/, /project\.config\.json/],
  ['environment', { unreachable: 'AuthFailure' }, /AuthFailure/, /^$/],
  ['gateway', { usesOpa: true }, /authz_engine=opa/, /another environment/],
  ['rules', { steps: [rule] }, /rule of the collection votes/, /npm run deploy/],
  ['indexes', { steps: [index, index] }, /the index changed of votes.*and 1 more/, /npm run deploy/],
  ['collections', { steps: [{ do: 'create-collection', name: 'votes' }] }, /votes/, /npm run deploy/],
  ['web', { steps: [{ do: 'enable-hosting' }] }, /hosting/, /npm run deploy/],
  ['clock', { lastTick: null }, /never ticked/, /timer tick/],
  ['clock', { lastTick: now - 2 * hour }, /last worked 2 hours ago/, /timer tick/],
  ['salt', { salt: { found: 'bb', known: 'aa' } }, /has changed/, /--salt-from/],
  ['openapi', { hasMiniCodes: false }, /-604101/, /上传并部署/],
  ['EDITOR_KEYS', { hasEditorKeys: false }, /no editor has a key/, /EDITOR_KEYS/],
  ['anonymous login', { anonymousLogin: false }, /off/, /匿名登录/],
  ['ICP', { icp: '京ICP备00000000号-1' }, /no ICP number/, /src\/site\.ts/],
  ['domain', { webDomain: '' }, /rate limited/, /webDomain/],
  ['未登录访问', { guestsMayCall: false }, /guests are refused/, /权限设置/],
])('says of %s what is wrong and what to do', (about, changes, says, next) => {
  const lines = judge({ ...well, ...changes })
  expect(lines.filter(({ verdict }) => verdict === 'mend').map(line => line.about)).toEqual([about])
  const line = lines.find(one => one.about === about)
  expect(line?.says).toMatch(says)
  expect(line?.next ?? '').toMatch(next)
})

test('a clock that is at work has worked just now, not in a minute that has not come', () => {
  const line = judge({ ...well, lastTick: now + 60_000 }).find(({ about }) => about === 'clock')
  expect(line).toMatchObject({ verdict: 'ok', says: expect.stringMatching(/^last worked just now/) })
})

test('a machine that has not seen the salt before takes it as it is', () => {
  expect(verdicts({ ...well, salt: { found: 'aa', known: null } }, 'mend')).toEqual([])
})

test('remembers the salt that an environment had first, so that a change is found', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'salts-'))
  const { documents, rows, close } = await fakeDocuments('cloud://old.bucket/')
  try {
    for (const name of ['rankings', 'settings', 'previews']) rows.set(name, new Map())
    const saltOf = async (salt: string, environment: string) => {
      rows.get('settings')?.set('identity', { _id: 'identity', salt })
      return (await documentFacts(documents, environment, path.join(folder, 'salts.json'))).salt
    }
    const first = await saltOf('first', 'one')
    expect(first).toEqual({ found: expect.stringMatching(/^[0-9a-f]{64}$/), known: first.found })
    await saltOf('of another', 'two')
    const later = await saltOf('later', 'one')
    expect(later.known).toBe(first.found)
    expect(verdicts({ ...well, salt: later }, 'mend')).toEqual(['salt'])
  } finally {
    close()
    rmSync(folder, { recursive: true })
  }
})

test('asks for a person where no tool can see it', () => {
  const unseen = { ...well, salt: { found: null, known: null }, hasMiniCodes: null }
  expect(verdicts(unseen, 'look')).toEqual(expect.arrayContaining(['salt', 'openapi']))
  const privacy = [{ api: 'setClipboardData', declares: '剪切板' }]
  expect(judge({ ...well, privacy }).find(({ about }) => about === 'privacy')?.next).toContain('剪切板')
})

test('finds every API of the source that the privacy guide must declare', () => {
  expect(privacyApis('src').map(({ api }) => api)).toContain('setClipboardData')
})
