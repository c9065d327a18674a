import fs from 'node:fs'
import path from 'node:path'
import { TmplGroup } from 'glass-easel-template-compiler'
import postcss, { type Declaration, type Rule } from 'postcss'
import selectorParser from 'postcss-selector-parser'
import * as v from 'valibot'
import { bundle } from './bundle'
import { filesUnder, pagesOf, readProgram } from './program'
import type { Program } from './protocol'
import { builtinTemplates } from './view/builtin-templates'

/** A served file. */
export interface Asset {
  type: string
  body: string | Buffer
}

export interface Site {
  program: Program
  assets: Map<string, Asset>
}

const pictures: Record<string, string> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.svg': 'image/svg+xml',
  '.webp': 'image/webp',
}

const compiled = new Map<string, { of: string; site: Promise<Site> }>()

/**
 * Compiles a built mini-program for a browser: templates with glass-easel's compiler, style sheets with postcss. Throws an
 * error that names the file if a template does not compile. A build that has not changed is compiled once.
 */
export async function compileSite(dist: string): Promise<Site> {
  const files = filesUnder(dist)
  const of = JSON.stringify(
    files.map(file => {
      const { size, mtimeMs } = fs.statSync(path.join(dist, file))
      return [file, size, mtimeMs]
    }),
  )
  const known = compiled.get(dist)
  if (known?.of === of) return known.site
  const site = compile(dist, files)
  compiled.set(dist, { of, site })
  return site
}

async function compile(dist: string, files: readonly string[]): Promise<Site> {
  const program = readProgram(dist)
  const assets = new Map<string, Asset>()
  const script = (body: string): Asset => ({ type: 'text/javascript', body })

  assets.set('/templates.js', script(`window.templates=${compileTemplates(dist, files)}`))
  assets.set('/sheets.js', script(`window.sheets=${JSON.stringify(compileSheets(dist, files, program))}`))
  assets.set('/program.js', script(`window.program=${JSON.stringify(program)}`))
  assets.set('/view.js', script(await bundle('view/main.ts')))
  assets.set('/logic.js', script(await bundle('logic/worker-entry.ts')))
  assets.set('/', { type: 'text/html', body: page })
  addFonts(assets)
  for (const file of files) {
    const type = pictures[path.extname(file)]
    if (type) assets.set(`/${file}`, { type, body: fs.readFileSync(path.join(dist, file)) })
  }
  return { program, assets }
}

const page = `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1,viewport-fit=cover">
<link rel="stylesheet" href="/fonts.css"></head>
<body><script src="/templates.js"></script><script src="/sheets.js"></script>
<script src="/program.js"></script><script src="/view.js"></script></body></html>`

/** What glass-easel's compiler says about a template. Its own types call it `any`. Lines are counted from 0. */
const TemplateProblems = v.array(
  v.object({ message: v.string(), isError: v.boolean(), startLine: v.number() }),
)

function compileTemplates(dist: string, files: readonly string[]): string {
  const group = new TmplGroup()
  const problems: string[] = []
  for (const file of files) {
    const text = () => fs.readFileSync(path.join(dist, file), 'utf8')
    if (file.endsWith('.wxs')) group.addScript(file.slice(0, -4), text())
    if (!file.endsWith('.wxml')) continue
    const found = v.parse(TemplateProblems, group.addTmpl(file.slice(0, -5), text()))
    // Taro's templates raise many warnings.
    for (const { message, isError, startLine } of found)
      if (isError) problems.push(`${file}:${startLine + 1}: ${message}`)
  }
  if (problems.length > 0) throw new Error(problems.join('\n'))
  for (const [name, markup] of Object.entries(builtinTemplates)) group.addTmpl(`builtin/${name}`, markup)
  return group.getTmplGenObjectGroups()
}

export interface Sheets {
  app: string
  /** By path of page or component. `scope` prefixes the classes of an isolated component. */
  own: Record<string, { css: string; scope?: string }>
}

function compileSheets(dist: string, files: readonly string[], program: Program): Sheets {
  const pages = pagesOf(program.app)
  const own: Sheets['own'] = {}
  for (const [name, config] of Object.entries(program.json)) {
    if (!files.includes(`${name}.wxss`)) continue
    const isPage = pages.includes(name)
    const open = isPage || ['shared', 'page-shared', 'apply-shared'].includes(config.styleIsolation ?? '')
    const scope = open ? undefined : name.replace(/\W/g, '-')
    own[name] = {
      css: toCss(dist, `${name}.wxss`, isPage ? name : undefined, scope),
      ...(scope ? { scope } : {}),
    }
  }
  return { app: files.includes('app.wxss') ? toCss(dist, 'app.wxss', undefined, undefined) : '', own }
}

/** A style sheet with its `@import`s replaced by their text. */
function inlineImports(dist: string, file: string, seen: Set<string> = new Set()): string {
  if (seen.has(file)) return ''
  seen.add(file)
  const text = fs.readFileSync(path.join(dist, file), 'utf8')
  return text.replace(/@import\s+(?:url\()?["']([^"']+)["']\)?\s*;?/g, (_, wanted: string) =>
    inlineImports(
      dist,
      wanted.startsWith('/') ? wanted.slice(1) : path.posix.join(path.dirname(file), wanted),
      seen,
    ),
  )
}

/** Replaces rpx, vh and the safe area by CSS variables, which hold the simulated phone's values. */
function toBrowserUnits(value: string): string {
  return value
    .replace(/(-?(?:\d+\.)?\d+|-?\.\d+)rpx\b/gi, 'calc($1 * var(--rpx))')
    .replace(/(-?(?:\d+\.)?\d+)vh\b/g, 'calc($1 * var(--vh))')
    .replace(/(?:env|constant)\(safe-area-inset-(\w+)(?:,[^)]*)?\)/g, 'var(--safe-$1)')
}

function toCss(dist: string, file: string, page: string | undefined, scope: string | undefined): string {
  const root = postcss.parse(inlineImports(dist, file), { from: file })
  root.walkDecls((declaration: Declaration) => {
    declaration.value = toBrowserUnits(declaration.value)
  })
  root.walkRules((rule: Rule) => {
    const { parent } = rule
    if (parent?.type === 'atrule' && 'name' in parent && /keyframes/.test(String(parent.name))) return
    rule.selector = toHostSelector(rule.selector, page, scope)
  })
  return root.toString()
}

/** The parser takes the parts of `:nth-child(2n + 1 of …)` for tags. Whether a tag is such a part. */
function isPosition(tag: selectorParser.Tag): boolean {
  const pseudo = tag.parent?.parent
  return (
    pseudo?.type === 'pseudo' &&
    /^:nth-/i.test(pseudo.value) &&
    /^(of|odd|even|[+-]?\d*n?([+-]?\d+)?)$/i.test(tag.value)
  )
}

/**
 * Rewrites a selector: tags become `wx-…`, a page's rules match only inside that page, and the classes of an isolated
 * component get its prefix.
 */
function toHostSelector(selector: string, page: string | undefined, scope: string | undefined): string {
  const transform = selectorParser(list => {
    list.each(one => {
      let namesPage = false
      one.walkTags(tag => {
        if (isPosition(tag)) return
        if (tag.value === 'page') namesPage = true
        tag.value = `wx-${tag.value}`
      })
      if (scope) {
        one.walkClasses(name => {
          name.value = `${scope}--${name.value}`
        })
      }
      if (!page) return
      const where = selectorParser.pseudo({ value: `:where([data-route="${page}"])` })
      if (namesPage) {
        one.walkTags(tag => {
          if (tag.value === 'wx-page') one.insertAfter(tag, where)
        })
        return
      }
      one.first.spaces.before = ''
      one.prepend(selectorParser.combinator({ value: ' ' }))
      one.prepend(selectorParser.pseudo({ value: `:where(wx-page[data-route="${page}"])` }))
    })
  })
  return transform.processSync(selector)
}

/** Serves a Chinese font from npm under its usual name. The packaged browser has no Chinese font. */
function addFonts(assets: Map<string, Asset>): void {
  const home = path.dirname(require.resolve('@fontsource-variable/noto-sans-sc/package.json'))
  const css = fs
    .readFileSync(path.join(home, 'index.css'), 'utf8')
    .replaceAll('url(./files/', 'url(/fonts/')
    .replaceAll('Noto Sans SC Variable', 'Noto Sans SC')
  assets.set('/fonts.css', { type: 'text/css', body: css })
  for (const name of fs.readdirSync(path.join(home, 'files'))) {
    if (!name.endsWith('.woff2')) continue
    assets.set(`/fonts/${name}`, {
      type: 'font/woff2',
      body: fs.readFileSync(path.join(home, 'files', name)),
    })
  }
}
