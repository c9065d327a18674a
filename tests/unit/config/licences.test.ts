import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { licenceNotices } from '../../../config/licences'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'kepu-licences-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Writes a package to disk; returns the path of a module in it. */
function lay(where: string, manifest: object, files: Record<string, string> = {}): string {
  const home = path.join(folder, 'node_modules', where)
  mkdirSync(path.join(home, 'dist'), { recursive: true })
  writeFileSync(
    path.join(home, 'package.json'),
    JSON.stringify({ name: where, version: '1.0.0', ...manifest }),
  )
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(home, name), text)
  return path.join(home, 'dist/index.js')
}

const count = (text: string, part: string): number => text.split(part).length - 1

test('every package of a bundle is named once, with its licence and its notice', () => {
  const big = lay('@some/big', { license: 'Apache-2.0' }, { LICENSE: 'Apache text', 'NOTICE.md': 'By Some' })
  const small = lay('small', { license: 'MIT' }, { 'licence.txt': 'Small text' })
  const text = licenceNotices([big, small, `${small}.map`, path.join(folder, 'ours.ts')])
  for (const part of [
    '@some/big 1.0.0 (Apache-2.0)',
    'Apache text',
    'By Some',
    'small 1.0.0 (MIT)',
    'Small text',
  ]) {
    expect(count(text, part)).toBe(1)
  }
})

test('two versions of a package are listed twice, one version in two places once', () => {
  const files = [
    lay('small', { license: 'MIT' }, { LICENSE: 'Small text' }),
    lay('a/node_modules/small', { name: 'small', license: 'MIT' }, { LICENSE: 'Small text' }),
    lay(
      'b/node_modules/small',
      { name: 'small', version: '2.0.0', license: 'ISC' },
      { LICENSE: 'Newer text' },
    ),
  ]
  const text = licenceNotices(files)
  expect(count(text, 'small 1.0.0 (MIT)')).toBe(1)
  expect(count(text, 'small 2.0.0 (ISC)')).toBe(1)
})

test('a licence quoted in the README is copied from there, without the text around it', () => {
  const readme =
    'Use\n---\n\nCall it.\n\nLicense\n-------\n\nCopyright (c) 2013 N. R.\n\nPermission is hereby granted, free.\n\n## Thanks\n\nTo all.\n'
  const text = licenceNotices([lay('agent', { license: 'MIT' }, { 'README.md': readme })])
  expect(text).toContain('Copyright (c) 2013 N. R.\n\nPermission is hereby granted, free.\n')
  expect(text).not.toMatch(/Call it|Thanks|standard one/)
})

test('a package that only names MIT or ISC gets the standard text, with its author', () => {
  const text = licenceNotices([
    lay('named', { license: 'MIT', author: { name: 'A. Uthor' } }, { 'README.md': '## License\n\nMIT' }),
    lay('anonymous', { license: 'ISC', author: '' }),
  ])
  expect(text).toMatch(
    /named 1\.0\.0[\s\S]*Copyright \(c\) A\. Uthor\n\nPermission is hereby granted, free of charge/,
  )
  expect(text).toMatch(/anonymous 1\.0\.0[\s\S]*\(c\) the authors of anonymous\n\nPermission to use, copy/)
})

test('a package that contains code of others passes on what its files say about them, once', () => {
  const file = lay('bundled', { license: 'MIT' }, { LICENSE: 'Bundled text' })
  const other = path.join(path.dirname(file), 'other.js')
  const notice = '/***\nCopyright (c) Some Corporation.\n\nUse it freely.\n*** */'
  writeFileSync(file, `${notice}\nconst address = '/* no licence */'\n// Copyright A.\n// Copyright B.\n`)
  writeFileSync(other, `with (Math) max(1, 2)\n${notice}\n/*! kept short */`)
  const text = licenceNotices([file, other])
  expect(text).toContain('Bundled text\n\nCopyright (c) Some Corporation.\n\nUse it freely.\n')
  expect(text).toContain('Copyright A.\nCopyright B.\n')
  expect(count(text, 'Use it freely.')).toBe(1)
  expect(text).not.toMatch(/no licence|kept short/)
})

test('core-js inside another package, which has no comment about it, is named with its licence', () => {
  const file = lay('bundled', { license: 'ISC' }, { LICENSE: 'Bundled text' })
  writeFileSync(
    file,
    "const shared = { license: 'https://github.com/zloirock/core-js/blob/v3.45.0/LICENSE' }",
  )
  expect(licenceNotices([file])).toMatch(
    /Bundled text\n\ncore-js \(MIT\)[\s\S]*Denis Pushkarev[\s\S]*free of charge/,
  )
})

test('a package with an unreviewed licence stops the build', () => {
  expect(() => licenceNotices([lay('unknown', {})])).toThrow(
    /unknown 1\.0\.0 is bundled without a licence text/,
  )
  expect(() => licenceNotices([lay('strict', { license: 'SEE LICENSE IN EULA' })])).toThrow(
    'SEE LICENSE IN EULA',
  )
  // The package has the name of a member of Object.
  expect(() => licenceNotices([lay('constructor', {})])).toThrow('without a licence text')
})
