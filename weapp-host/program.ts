import fs from 'node:fs'
import path from 'node:path'
import * as v from 'valibot'
import type { AppConfig, PageConfig, Program } from './protocol'

const Text = v.optional(v.string())
const WindowFields = {
  navigationBarTitleText: Text,
  navigationBarBackgroundColor: Text,
  navigationBarTextStyle: Text,
  navigationStyle: Text,
  backgroundColor: Text,
  enablePullDownRefresh: v.optional(v.boolean()),
  onReachBottomDistance: v.optional(v.number()),
}
const SinglePage = v.optional(v.object({ navigationBarFit: Text }))
const PageJson = v.object({
  ...WindowFields,
  singlePage: SinglePage,
  component: v.optional(v.boolean()),
  styleIsolation: Text,
  usingComponents: v.optional(v.record(v.string(), v.string())),
})
const Packages = v.optional(v.array(v.object({ root: v.string(), pages: v.array(v.string()) })))
const AppJson = v.object({
  pages: v.array(v.string()),
  subPackages: Packages,
  subpackages: Packages,
  window: v.optional(v.object(WindowFields)),
  tabBar: v.optional(
    v.object({
      color: Text,
      selectedColor: Text,
      backgroundColor: Text,
      borderStyle: Text,
      list: v.array(
        v.object({ pagePath: v.string(), text: v.string(), iconPath: Text, selectedIconPath: Text }),
      ),
    }),
  ),
  usingComponents: v.optional(v.record(v.string(), v.string())),
  themeLocation: Text,
  singlePage: SinglePage,
})
const ThemeJson = v.object({
  light: v.record(v.string(), v.string()),
  dark: v.record(v.string(), v.string()),
})

/** Files under a folder, as paths with `/` relative to it, sorted. */
export function filesUnder(folder: string): string[] {
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .sort()
}

/** Drops keys whose value is undefined: exact optional properties do not allow them. */
function tidy<T>(value: unknown): T {
  return JSON.parse(JSON.stringify(value)) as T
}

/**
 * Reads a built mini-program into memory. Throws if a JSON file is missing or malformed. It ignores fields that it does
 * not know: it does not validate app.json.
 */
export function readProgram(dist: string): Program {
  const text = (file: string) => fs.readFileSync(path.join(dist, file), 'utf8')
  const files = filesUnder(dist)
  const given = v.parse(AppJson, JSON.parse(text('app.json')))
  const app = tidy<AppConfig>({
    pages: given.pages,
    subPackages: given.subPackages ?? given.subpackages ?? [],
    window: { ...given.window, singlePage: given.singlePage },
    tabBar: given.tabBar,
    usingComponents: given.usingComponents,
    theme: given.themeLocation ? v.parse(ThemeJson, JSON.parse(text(given.themeLocation))) : undefined,
  })
  const json: Record<string, PageConfig> = {}
  const scripts: Record<string, string> = {}
  for (const file of files) {
    const name = file.replace(/\.(js|json)$/, '')
    if (file.endsWith('.js')) scripts[name] = text(file)
    if (file.endsWith('.json') && files.includes(`${name}.wxml`)) {
      json[name] = tidy<PageConfig>(v.parse(PageJson, JSON.parse(text(file))))
    }
  }
  return { app, json, scripts }
}

/** Paths of all pages, with those of subpackages, as cards name them. */
export function pagesOf(app: AppConfig): string[] {
  return [
    ...app.pages,
    ...app.subPackages.flatMap(part => part.pages.map(page => `${part.root.replace(/\/$/, '')}/${page}`)),
  ]
}
