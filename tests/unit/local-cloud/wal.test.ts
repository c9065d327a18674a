import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import Libsql from 'libsql'
import { damageOfWal } from '../../../local-cloud/database/wal'

const folder = mkdtempSync(path.join(tmpdir(), 'wal-'))
const log = path.join(folder, 'damaged-wal')
afterAll(() => rmSync(folder, { recursive: true }))

/** A log as SQLite writes it: one frame for each of some commits. */
function written(): Buffer {
  const file = path.join(folder, 'whole')
  const database = new Libsql(file)
  database.exec('PRAGMA journal_mode = wal; CREATE TABLE one (n INTEGER)')
  for (let n = 0; n < 4; n++) database.exec(`INSERT INTO one VALUES (${n})`)
  copyFileSync(`${file}-wal`, log)
  database.close()
  return readFileSync(log)
}

const header = 32
const whole = written()
const frame = 24 + whole.readUInt32BE(8)
const frames = (whole.length - header) / frame
const damage = (change: (bytes: Buffer) => unknown, end?: number): string | null => {
  const bytes = Buffer.from(whole.subarray(0, end))
  change(bytes)
  writeFileSync(log, bytes)
  return damageOfWal(log)
}
const nothing = () => undefined
const flip = (bytes: Buffer, place: number) => bytes.writeUInt8(bytes.readUInt8(place) ^ 0xff, place)

test('a log that is whole, or was cut at its end while it was written, has no damage', () => {
  expect(frames).toBeGreaterThan(4)
  expect(damage(nothing)).toBeNull()
  for (let cut = 1; cut <= frame; cut += 97) expect(damage(nothing, whole.length - cut)).toBeNull()
  expect(damage(nothing, header - 1)).toBeNull()
  expect(damage(nothing, 0)).toBeNull()
  expect(damageOfWal(path.join(folder, 'none'))).toBeNull()
})

test('a wrong byte is named with its frame, but for one in the last frame, which was being written', () => {
  for (let n = 0; n < frames; n++)
    for (const place of [0, 4, 16, 23, 24, frame - 1]) {
      const told = damage(bytes => flip(bytes, header + n * frame + place))
      expect([n, place, told]).toEqual([n, place, n === frames - 1 ? null : `frame ${n + 1} is damaged`])
    }
})

test('frames of an older log behind the present ones are no damage; present ones behind them are', () => {
  const old = (...numbers: number[]) =>
    damage(bytes => {
      for (const n of numbers) flip(bytes, header + n * frame + 8)
    })
  expect(old(frames - 1)).toBeNull()
  expect(old(frames - 2, frames - 1)).toBeNull()
  expect(old(frames - 2)).toBe(`frame ${frames - 1} is damaged`)
})

test('a wrong header is told', () => {
  const at = (place: number) => damage(bytes => flip(bytes, place))
  expect(at(0)).toBe('its header is not one of SQLite')
  for (const place of [12, 16, 24, 28]) expect(at(place)).toBe('the checksum of its header is wrong')
})
