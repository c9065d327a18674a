import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { type Comment, parse } from 'acorn'
import * as v from 'valibot'

const manifestSchema = v.object({
  name: v.string(),
  version: v.string(),
  license: v.optional(v.string()),
  author: v.optional(v.union([v.string(), v.object({ name: v.string() })])),
})
type Manifest = v.InferOutput<typeof manifestSchema>

/** The folder of the package that a file belongs to, in `node_modules`; null for a file of our own. */
const packageFolder = /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+(?=[\\/])/

/** Names of the files that contain what a licence asks to be passed on. */
const noticeFile = /^(licen[cs]es?|copying|copyright|notice|unlicense)([.-].*)?$/i

/**
 * Packages that declare no licence and contain no text, and the terms on which we pass them on. Read the terms of a new
 * one before you add it: without an entry here the build fails.
 */
const undeclared = new Map(
  ['@cloudbase/signature-nodejs', '@cloudbase/wx-cloud-client-sdk'].map(name => [
    name,
    'No licence declared. A part of Tencent CloudBase, used by wx-server-sdk (MIT).',
  ]),
)

const permission = {
  MIT: `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`,
  ISC: `Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby
granted, provided that the above copyright notice and this permission notice appear in all copies.

THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH REGARD TO THIS SOFTWARE INCLUDING ALL
IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT,
INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN
ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF
THIS SOFTWARE.`,
}

/** Code of others that some packages contain without its licence, by a text that only this code has. */
const copied = [
  {
    // Its runtime, in packages that webpack bundled, such as wx-server-sdk.
    mark: '// webpackBootstrap',
    notice: `webpack (MIT)\n\nCopyright JS Foundation and other contributors\n\n${permission.MIT}`,
  },
  {
    mark: 'github.com/zloirock/core-js/blob',
    notice: `core-js (MIT)\n\nCopyright (c) 2014-2025 Denis Pushkarev (zloirock.ru)\n\n${permission.MIT}`,
  },
  {
    mark: 'github.com/slevithan/emoji-regex-xs',
    notice: `emoji-regex-xs (MIT)\n\nCopyright (c) 2024 Steven Levithan\n\n${permission.MIT}`,
  },
]

/** The comments of a script; comments in lines that follow each other are one. */
function commentsOf(script: string): string[] {
  const found: Comment[] = []
  const options = { ecmaVersion: 'latest', allowHashBang: true, onComment: found } as const
  try {
    parse(script, { ...options, sourceType: 'module' })
  } catch {
    // An older script, which a module's strict mode refuses.
    found.length = 0
    parse(script, { ...options, sourceType: 'script', allowReturnOutsideFunction: true })
  }
  const joined: Comment[] = []
  for (const next of found) {
    const last = joined.at(-1)
    const follows =
      last?.type === 'Line' && next.type === 'Line' && !script.slice(last.end, next.start).trim()
    if (follows) Object.assign(last, { value: `${last.value}\n${next.value}`, end: next.end })
    else joined.push({ ...next })
  }
  return joined.map(({ value }) => value)
}

/** Without the stars and dashes around it, so that a notice in several files is listed once. */
const wordsOf = (comment: string): string =>
  comment
    .replace(/^[!*\s-]+|[*\s-]+$/g, '')
    .replace(/^[ \t]*\*?[ \t]*/gm, '')
    .trim()

/**
 * The notices inside a file of a package. A package that was bundled before it was published, as those of CloudBase are,
 * names what it contains only there, and our build removes its comments.
 */
function noticesInside(file: string): string[] {
  if (!/\.[cm]?js$/.test(file)) return []
  const script = readFileSync(file, 'utf8')
  const legal = /copyright|licen[cs]e/i
  const comments = legal.test(script) ? commentsOf(script).filter(comment => legal.test(comment)) : []
  const others = copied.filter(({ mark }) => script.includes(mark))
  return [...comments.map(wordsOf), ...others.map(({ notice }) => notice)]
}

/** The licence a README quotes in full: from its heading to the next one. */
function quotedLicence(folder: string): string | undefined {
  const readme = readdirSync(folder).find(name => /^readme(\.md)?$/i.test(name))
  if (!readme) return undefined
  const [, section = ''] = readFileSync(path.join(folder, readme), 'utf8').split(
    /^(?:#+[ \t]*licen[cs]e[ \t]*|licen[cs]e[ \t]*\r?\n-{3,}[ \t]*)$/im,
  )
  const text = section.split(/^#+ |^\[[^\]]+\]: /m)[0]?.trim() ?? ''
  return /permission is hereby granted/i.test(text) && /copyright/i.test(text) ? text : undefined
}

/** A package that names its licence but lacks the text gets the standard text, as SPDX has it. */
function standardLicence({ name, license, author }: Manifest): string | undefined {
  if (license !== 'MIT' && license !== 'ISC') return undefined
  const holder = (typeof author === 'string' ? author : author?.name) || `the authors of ${name}`
  return `The package brings no text of its licence; this is the standard one.\n\nCopyright (c) ${holder}\n\n${permission[license]}`
}

function noticeOf(folder: string, manifest: Manifest): string {
  const texts = readdirSync(folder)
    .filter(name => noticeFile.test(name) && !/\.(js|ts|json)$/.test(name))
    .sort()
    .map(name => readFileSync(path.join(folder, name), 'utf8').trim())
  if (texts.length > 0) return texts.join('\n\n')
  const notice = quotedLicence(folder) ?? standardLicence(manifest) ?? undeclared.get(manifest.name)
  if (notice) return notice
  throw new Error(
    `${manifest.name} ${manifest.version} is bundled without a licence text (it declares ${manifest.license ?? 'none'}). ` +
      'Read its terms, then name it in config/licences.ts.',
  )
}

/**
 * Returns the notices of all packages in a bundle, by name and version, without duplicates.
 * @param files absolute paths of what was bundled; files outside `node_modules` are ours and need none
 * @throws if a package has no licence text and `undeclared` does not list it
 */
export function licenceNotices(files: Iterable<string>): string {
  const folders = new Map<string, Set<string>>()
  for (const file of files) {
    const [folder] = packageFolder.exec(file) ?? []
    if (!folder || !existsSync(path.join(folder, 'package.json'))) continue
    const inside = folders.get(folder) ?? new Set()
    folders.set(folder, inside)
    if (existsSync(file)) for (const notice of noticesInside(file)) inside.add(notice)
  }
  const notices = new Map<string, string>()
  for (const [folder, inside] of folders) {
    const manifest = v.parse(
      manifestSchema,
      JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')),
    )
    const { name, version, license } = manifest
    // The same version may lie in several folders.
    const title = `${name} ${version}${license ? ` (${license})` : ''}`
    notices.set(title, [noticeOf(folder, manifest), ...inside].join('\n\n'))
  }
  const rule = '='.repeat(80)
  const sorted = [...notices].sort(([a], [b]) => (a < b ? -1 : 1))
  return [
    'This software contains the following packages.',
    ...sorted.map(([title, notice]) => `${rule}\n${title}\n${rule}\n\n${notice}`),
  ]
    .join('\n\n')
    .concat('\n')
}
