import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'

const root = path.resolve(__dirname, '../..')

/** What a secret looks like, by the service that gives it. */
const patterns: readonly [name: string, pattern: RegExp][] = [
  ['a key of Tencent Cloud', /\bAKID[0-9A-Za-z]{13,40}\b/],
  ['a private key', /-----BEGIN [A-Z ]*PRIVATE KEY-----/],
  ['a token of GitHub', /\b(?:gh[pousr]_[0-9A-Za-z]{36,}|github_pat_[0-9A-Za-z_]{40,})\b/],
  ['a token of npm', /\bnpm_[0-9A-Za-z]{36}\b|_authToken\s*=/],
  ['a key of AWS', /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/],
  ['an app secret of WeChat', /\b(?:app_?secret)\b["']?\s*[:=]\s*["'][0-9a-f]{32}["']/i],
  // Real ones only: tests use zeros and the like.
  ['an appid of WeChat', /\bwx(?!([0-9a-f])\1{15})(?!0123456789abcdef)[0-9a-f]{16}\b/],
  [
    'a value for a secret variable',
    /\b(?:TENCENT_SECRET_KEY|TENCENT_SECRET_ID|TENCENT_TOKEN)\s*[:=]\s*["']?[0-9A-Za-z+/]{16,}/,
  ],
]

const secretsIn = (text: string): string[] =>
  patterns.filter(([, pattern]) => pattern.test(text)).map(([name]) => name)

/** Tracked files whose text could hold a secret. */
const files = (): string[] =>
  execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' })
    .split('\0')
    .filter(
      file =>
        file !== '' && !/\.(?:png|jpe?g|woff2?|ico|gz)$/.test(file) && !file.endsWith('package-lock.json'),
    )

test('no tracked file holds a secret', () => {
  const own = path.relative(root, __filename)
  const all = files()
  expect(all.length).toBeGreaterThan(500)
  const found = all
    .filter(file => file !== own)
    .flatMap(file => secretsIn(readFileSync(path.join(root, file), 'utf8')).map(name => `${file}: ${name}`))
  expect(found).toEqual([])
  expect(all).not.toContain('deploy/.env')
})

test.each([
  ['a key of Tencent Cloud', `secretId: 'AKID${'a1B2'.repeat(8)}'`],
  ['a private key', '-----BEGIN RSA PRIVATE KEY-----\nMIIE'],
  ['a token of GitHub', `ghp_${'a1'.repeat(18)}`],
  ['a token of npm', '//registry.npmjs.org/:_authToken=abc'],
  ['a key of AWS', 'AKIAIOSFODNN7EXAMPLE'],
  ['an app secret of WeChat', `appSecret: '${'0a'.repeat(16)}'`],
  ['an appid of WeChat', '"appid": "wx4f4bc4dec97d474b"'],
  ['a value for a secret variable', `TENCENT_SECRET_KEY=${'a1B2'.repeat(8)}`],
])('finds %s', (name, text) => {
  expect(secretsIn(text)).toContain(name)
})
