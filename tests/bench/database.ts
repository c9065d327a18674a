import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type IndexDeclaration, openDatabase } from '../../local-cloud/database/database'
import type { Figure } from './figure'

const indexes: IndexDeclaration[] = [
  { name: 'k', fields: [{ field: 'k', direction: 1 }] },
  { name: 'state-k', fields: ['state', 'k'].map(field => ({ field, direction: 1 as const })) },
]

/** How long the local cloud takes to reopen a large collection. */
export async function measureDatabase(): Promise<Figure[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'reopen-'))
  try {
    const file = path.join(folder, 'database.sqlite')
    const before = openDatabase({ file })
    before.ensureCollection('things', indexes)
    const lines = Array.from({ length: 100_000 }, (_, i) =>
      JSON.stringify({
        _id: `s${i}`,
        k: i,
        state: i % 3 ? 'a' : 'b',
        title: `第 ${i} 篇`,
        counts: { like: i },
      }),
    )
    before.importLines('things', lines, 'insert')
    before.close()
    const begun = performance.now()
    const after = openDatabase({ file })
    const seconds = (performance.now() - begun) / 1000
    after.close()
    const how = 'openDatabase on a file of 100,000 documents with two indexes'
    return [{ name: 'database.reopen', value: seconds, unit: 's', how }]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
