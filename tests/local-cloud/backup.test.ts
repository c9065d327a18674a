import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { main } from '../../deploy/backup/cli'
import { startCloudProcess } from '../support/local-cloud'

test('a backup of a local cloud restores it; only its owner may read the salt', async () => {
  const cloud = await startCloudProcess()
  const folder = mkdtempSync(path.join(tmpdir(), 'backup-'))
  const said: string[] = []
  for (const level of ['log', 'error'] as const)
    jest.spyOn(console, level).mockImplementation((...parts: unknown[]) => {
      said.push(parts.join(' '))
    })
  const run = (command: string, ...args: string[]) =>
    main([command, '--local', '--data', cloud.dataFolder, ...args])
  const [to, salt] = [path.join(folder, 'kept'), path.join(folder, 'salt')]
  try {
    // More than one request returns.
    const many = Array.from({ length: 1_005 }, (_, n) => `{"_id":"many-${n}"}`).join('\n')
    await cloud.control('import', { collection: 'votes', lines: many })
    const lines = '{"_id":7}\n{"_id":"a","at":{"$date":"2024-01-22T05:34:00.000Z"}}\n{"_id":"b","n":1}'
    await cloud.control('import', { collection: 'articles', lines })
    const before = await cloud.control('export', { collection: 'articles' })
    expect(await run('backup', '--to', path.join(folder, 'young'), '--salt-to', salt)).toBe(0)
    expect([said.at(-1), existsSync(salt)]).toEqual([expect.stringContaining('was not written'), false])
    await cloud.control('import', { collection: 'settings', lines: '{"_id":"identity","salt":"of readers"}' })
    expect(await run('backup', '--to', to, '--salt-to', salt)).toBe(0)
    expect([readFileSync(salt, 'utf8'), statSync(salt).mode & 0o777]).toEqual(['of readers\n', 0o600])
    expect(said).toContain('votes: 1005 documents')
    expect(said.at(-1)).toBe(`The salt is in ${salt}. Keep it elsewhere than the backup.`)
    await cloud.control('reset')
    const votes = path.join(to, 'collections/votes.jsonl')
    const whole = readFileSync(votes)
    writeFileSync(votes, whole.subarray(0, whole.indexOf('\n') + 1))
    for (const args of [[], ['--dry-run']])
      expect(await run('restore', '--from', to, '--salt-from', salt, ...args)).toBe(2)
    expect(said.at(-1)).toMatch(/votes\.jsonl is damaged: it holds 1 documents, [^\n]* counts 1005[^\n]*$/)
    writeFileSync(votes, whole)
    expect(await run('restore', '--from', to)).toBe(1)
    expect(said.at(-1)).toContain('--salt-from')
    expect(await run('restore', '--from', to, '--salt-from', salt, '--dry-run')).toBe(1)
    expect(await run('restore', '--from', to, '--salt-from', salt)).toBe(0)
    expect(await run('restore', '--from', to, '--dry-run')).toBe(0)
    said.length = 0
    expect(await run('backup', '--to', path.join(folder, 'none'), '--dry-run')).toBe(0)
    expect(said.sort()).toEqual(['articles: 3 documents', 'settings: 1 documents', 'votes: 1005 documents'])
    expect(existsSync(path.join(folder, 'none'))).toBe(false)
    expect(await cloud.control('export', { collection: 'articles' })).toEqual(before)
  } finally {
    jest.restoreAllMocks()
    rmSync(folder, { recursive: true })
    await cloud.stop()
  }
})
