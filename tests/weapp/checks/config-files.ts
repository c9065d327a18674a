import fs from 'node:fs'
import path from 'node:path'
import * as v from 'valibot'
import { filesUnder } from '../../../weapp-host/program'
import { lineAt, type Problem } from './problem'

/** `#RRGGBB` or a variable of theme.json. */
const Color = v.pipe(v.string(), v.regex(/^(#[0-9a-fA-F]{6}|@\w+)$/, 'is neither #RRGGBB nor an @variable'))
const TextStyle = v.union([v.picklist(['black', 'white']), v.pipe(v.string(), v.startsWith('@'))])
const LoadingStyle = v.union([v.picklist(['dark', 'light']), v.pipe(v.string(), v.startsWith('@'))])
const Route = v.pipe(v.string(), v.regex(/^(?!\/)[\w/-]+$/, 'is a path without leading slash'))
const optional = v.optional

/** Fields as documented at 小程序配置, 全局配置 and 页面配置. WeChat silently ignores any other field. */
const window = {
  navigationBarBackgroundColor: optional(Color),
  navigationBarTextStyle: optional(TextStyle),
  navigationBarTitleText: optional(v.string()),
  navigationStyle: optional(v.picklist(['default', 'custom'])),
  homeButton: optional(v.boolean()),
  backgroundColor: optional(Color),
  backgroundColorContent: optional(Color),
  backgroundTextStyle: optional(LoadingStyle),
  backgroundColorTop: optional(Color),
  backgroundColorBottom: optional(Color),
  enablePullDownRefresh: optional(v.boolean()),
  onReachBottomDistance: optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
  pageOrientation: optional(v.picklist(['portrait', 'auto', 'landscape'])),
  restartStrategy: optional(v.picklist(['homePage', 'homePageAndLatestPage'])),
  initialRenderingCache: optional(v.picklist(['static', 'dynamic', 'capture'])),
  visualEffectInBackground: optional(v.picklist(['none', 'hidden'])),
  handleWebviewPreload: optional(v.picklist(['static', 'manual', 'auto'])),
}
const SinglePage = v.strictObject({ navigationBarFit: optional(v.picklist(['float', 'squeezed'])) })
const Components = v.record(v.string(), v.string())
const Subpackage = v.strictObject({
  root: v.string(),
  name: optional(v.string()),
  pages: v.array(Route),
  independent: optional(v.boolean()),
  entry: optional(v.string()),
  plugins: optional(v.unknown()),
})
const TabItem = v.strictObject({
  pagePath: Route,
  text: v.string(),
  iconPath: optional(v.string()),
  selectedIconPath: optional(v.string()),
})

const AppJson = v.strictObject({
  entryPagePath: optional(Route),
  pages: v.pipe(v.array(Route), v.minLength(1)),
  window: optional(v.strictObject(window)),
  tabBar: optional(
    v.strictObject({
      color: Color,
      selectedColor: Color,
      backgroundColor: Color,
      borderStyle: optional(TextStyle),
      list: v.pipe(v.array(TabItem), v.minLength(2), v.maxLength(5)),
      position: optional(v.picklist(['bottom', 'top'])),
      custom: optional(v.boolean()),
    }),
  ),
  subPackages: optional(v.array(Subpackage)),
  subpackages: optional(v.array(Subpackage)),
  preloadRule: optional(
    v.record(
      v.string(),
      v.strictObject({ packages: v.array(v.string()), network: optional(v.picklist(['all', 'wifi'])) }),
    ),
  ),
  networkTimeout: optional(
    v.record(v.picklist(['request', 'connectSocket', 'uploadFile', 'downloadFile']), v.number()),
  ),
  requiredPrivateInfos: optional(v.array(v.string())),
  requiredBackgroundModes: optional(v.array(v.string())),
  permission: optional(v.record(v.string(), v.strictObject({ desc: v.string() }))),
  usingComponents: optional(Components),
  plugins: optional(v.record(v.string(), v.unknown())),
  sitemapLocation: optional(v.string()),
  style: optional(v.literal('v2')),
  darkmode: optional(v.boolean()),
  themeLocation: optional(v.pipe(v.string(), v.regex(/^(?!\/)/, 'has no leading slash'))),
  lazyCodeLoading: optional(v.literal('requiredComponents')),
  singlePage: optional(SinglePage),
  resizable: optional(v.boolean()),
  debug: optional(v.literal(false, 'must not ship')),
  renderer: optional(v.picklist(['webview', 'skyline'])),
  componentFramework: optional(v.picklist(['exparser', 'glass-easel'])),
  workers: optional(v.unknown()),
  entranceDeclare: optional(v.unknown()),
  resolveAlias: optional(v.record(v.string(), v.string())),
  __usePrivacyCheck__: optional(v.boolean()),
})
const PageJson = v.strictObject({
  ...window,
  usingComponents: optional(Components),
  componentPlaceholder: optional(Components),
  disableScroll: optional(v.boolean()),
  singlePage: optional(SinglePage),
  styleIsolation: optional(v.string()),
  component: optional(v.boolean()),
  renderer: optional(v.picklist(['webview', 'skyline'])),
})
const Sitemap = v.strictObject({
  desc: optional(v.string()),
  rules: v.pipe(
    v.array(
      v.strictObject({
        action: v.picklist(['allow', 'disallow']),
        page: v.string(),
        params: optional(v.array(v.string())),
        matching: optional(v.picklist(['exact', 'inclusive', 'exclusive', 'partial'])),
        priority: optional(v.number()),
      }),
    ),
    v.minLength(1),
  ),
})
/** The fields of project.config.json that matter to a release. */
const Minified = v.literal(true, 'must be on: the quality check of WeChat’s tool asks for it')
const Project = v.looseObject({
  miniprogramRoot: v.string(),
  cloudfunctionRoot: optional(v.string()),
  setting: v.looseObject({ minified: Minified, minifyWXML: Minified, minifyWXSS: Minified }),
})
const Variables = v.record(v.string(), v.string())
const Theme = v.strictObject({ light: Variables, dark: Variables })

/** Largest icon of a tab (WeChat docs, tabBar): 40 KB. */
const iconLimit = 40 * 1024

/** Parses a JSON file with its schema; each problem names the line and the key. */
function readJson<S extends v.GenericSchema>(
  dist: string,
  file: string,
  schema: S,
  problems: Problem[],
): v.InferOutput<S> | undefined {
  const full = path.join(dist, file)
  if (!fs.existsSync(full)) {
    problems.push({ file, message: 'is missing' })
    return undefined
  }
  const text = fs.readFileSync(full, 'utf8')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const position = Number(/position (\d+)/.exec(message)?.[1] ?? text.length)
    problems.push({ file, line: lineAt(text, position), message })
    return undefined
  }
  const parsed = v.safeParse(schema, value)
  if (parsed.success) return parsed.output
  for (const issue of parsed.issues) {
    const keys = issue.path?.map(item => String(item.key)) ?? []
    problems.push({ file, line: lineOfKey(text, keys), message: `${keys.join('.')}: ${issue.message}` })
  }
  return undefined
}

/** The position of the last key of a path, found by searching for one key after the other. */
function lineOfKey(text: string, keys: readonly string[]): number {
  let position = 0
  for (const key of keys) {
    const next = text.indexOf(JSON.stringify(key), position)
    if (next >= 0) position = next
  }
  return lineAt(text, position)
}

/**
 * Checks app.json, the JSON of every page and component, theme.json and sitemap against the documented fields and the
 * files.
 */
export function checkConfigFiles(dist: string): Problem[] {
  const problems: Problem[] = []
  const files = filesUnder(dist)
  const app = readJson(dist, 'app.json', AppJson, problems)
  if (!app) return problems
  const text = fs.readFileSync(path.join(dist, 'app.json'), 'utf8')
  const complain = (key: string, message: string) =>
    problems.push({ file: 'app.json', line: lineOfKey(text, key.split('.')), message: `${key}: ${message}` })

  const subpackages = app.subPackages ?? app.subpackages ?? []
  const pages = [
    ...app.pages,
    ...subpackages.flatMap(one => one.pages.map(page => path.posix.join(one.root, page))),
  ]
  for (const page of pages) {
    for (const extension of ['.js', '.json', '.wxml']) {
      if (!files.includes(page + extension)) complain('pages', `${page}${extension} is missing`)
    }
  }
  for (const file of files.filter(name => name.endsWith('.json'))) {
    if (files.includes(file.replace(/json$/, 'wxml'))) readJson(dist, file, PageJson, problems)
  }

  const theme = app.themeLocation ? readJson(dist, app.themeLocation, Theme, problems) : undefined
  const themeFile = app.themeLocation ?? 'theme.json'
  if (theme) {
    for (const key of new Set([...Object.keys(theme.light), ...Object.keys(theme.dark)])) {
      for (const mode of ['light', 'dark'] as const) {
        if (theme[mode][key] === undefined)
          problems.push({ file: themeFile, message: `${mode} lacks ${key}` })
      }
    }
  }
  for (const match of allConfigText(dist, files).matchAll(/"@(\w+)"/g)) {
    const name = match[1] ?? ''
    if (theme?.light[name] === undefined)
      problems.push({ file: themeFile, message: `lacks ${name}, which a json file uses` })
  }

  const line = app.tabBar?.borderStyle
  if (app.darkmode && (line?.startsWith('@') ? theme?.dark[line.slice(1)] : line) === 'white')
    complain('tabBar.borderStyle', 'is white in dark mode, a stark line over dark pages')

  for (const [index, item] of (app.tabBar?.list ?? []).entries()) {
    if (!app.pages.includes(item.pagePath)) {
      complain('tabBar.list', `${item.pagePath} is not in the main package's pages`)
    }
    for (const key of ['iconPath', 'selectedIconPath'] as const) {
      const given = item[key]
      if (given === undefined) continue
      const name = given.slice(1)
      const icons = given.startsWith('@') ? [theme?.light[name], theme?.dark[name]] : [given]
      for (const icon of icons) {
        const file = icon?.replace(/^\.?\//, '')
        if (!file || !files.includes(file))
          complain('tabBar.list', `${key} of item ${index}: ${icon ?? given} is missing`)
        else if (!/\.(png|jpe?g)$/.test(file))
          complain('tabBar.list', `${key} of item ${index}: ${file} is no PNG or JPG`)
        else if (fs.statSync(path.join(dist, file)).size > iconLimit) {
          complain('tabBar.list', `${key} of item ${index}: ${file} is larger than 40 KB`)
        }
      }
    }
  }

  checkSearch(dist, app.sitemapLocation, pages, problems)
  for (const page of pages) {
    const name = `${page}.json`
    const title = files.includes(name) && readJson(dist, name, PageJson, [])?.navigationBarTitleText
    // 搜一搜 and the list of recent mini-programs show it.
    if (title === undefined || title === '') problems.push({ file: name, message: 'has no title of its own' })
  }
  return problems
}

/**
 * Checks what 搜一搜 may index: each rule names a page that exists, and the last one forbids everything else. Without it,
 * WeChat allows every page that no rule names (小程序搜索, sitemap 配置).
 */
function checkSearch(
  dist: string,
  location: string | undefined,
  pages: readonly string[],
  problems: Problem[],
): void {
  if (location === undefined) {
    problems.push({ file: 'app.json', message: 'sitemapLocation is missing: 搜一搜 may index every page' })
    return
  }
  const { rules } = readJson(dist, location, Sitemap, problems) ?? {}
  if (!rules) return
  const complain = (message: string) => problems.push({ file: location, message })
  for (const { page } of rules) if (page !== '*' && !pages.includes(page)) complain(`${page} does not exist`)
  const last = rules.at(-1)
  if (last?.page !== '*' || last.action !== 'disallow')
    complain('the last rule does not forbid all other pages')
  if (rules.slice(0, -1).some(({ page }) => page === '*'))
    complain('a rule for all pages hides those below it')
}

/** The pages that 搜一搜 may index. */
export function pagesForSearch(dist: string): string[] {
  const { rules } = readJson(dist, 'sitemap.json', Sitemap, []) ?? { rules: [] }
  return rules.filter(({ action }) => action === 'allow').map(({ page }) => page)
}

/**
 * Checks a folder that WeChat's tool opens: its project.config.json names folders that exist and minifies everything.
 */
export function checkProject(folder: string): Problem[] {
  const problems: Problem[] = []
  const file = 'project.config.json'
  const project = readJson(folder, file, Project, problems)
  for (const key of ['miniprogramRoot', 'cloudfunctionRoot'] as const) {
    const named = project?.[key]
    if (named !== undefined && !fs.existsSync(path.join(folder, named)))
      problems.push({ file, message: `${key}: ${named} does not exist` })
  }
  return problems
}

function allConfigText(dist: string, files: readonly string[]): string {
  return files
    .filter(
      file =>
        file === 'app.json' || (file.endsWith('.json') && files.includes(file.replace(/json$/, 'wxml'))),
    )
    .map(file => fs.readFileSync(path.join(dist, file), 'utf8'))
    .join('\n')
}
