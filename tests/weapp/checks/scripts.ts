import fs from 'node:fs'
import path from 'node:path'
import { parse } from 'acorn'
import { filesUnder, pagesOf, readProgram } from '../../../weapp-host/program'
import type { Problem } from './problem'

/** Syntax that iOS 12 and Chrome 67 can parse, the oldest phones of package.json#browserslist. */
const ecmaVersion = 2019

/** Functions that those phones lack and no build step adds. */
const tooNew = new Map([
  ['Object', ['hasOwn', 'groupBy']],
  ['Promise', ['allSettled', 'any', 'withResolvers']],
  ['Array', ['fromAsync']],
])
const tooNewMethods = new Set([
  'replaceAll',
  'findLast',
  'findLastIndex',
  'toSorted',
  'toReversed',
  'toSpliced',
])

/** APIs that WeChat's privacy guide must name, or a reader's phone blocks them. */
const privacyApis = new Set([
  ...['chooseAddress', 'chooseImage', 'chooseMedia', 'chooseVideo', 'chooseMessageFile', 'chooseLocation'],
  ...['getLocation', 'startLocationUpdate', 'onLocationChange', 'getFuzzyLocation', 'choosePoi'],
  ...['saveImageToPhotosAlbum', 'saveVideoToPhotosAlbum', 'setClipboardData', 'getClipboardData'],
  ...['getRecorderManager', 'createCameraContext', 'makePhoneCall', 'addPhoneContact', 'chooseContact'],
  ...[
    'addPhoneCalendar',
    'getWeRunData',
    'getUserInfo',
    'getUserProfile',
    'chooseInvoiceTitle',
    'openBluetoothAdapter',
  ],
  ...['startAccelerometer', 'startCompass', 'startDeviceMotionListening', 'startGyroscope'],
])

/** A node of acorn's tree as a plain record: children are found by looking at every property. */
interface Located {
  type: string
  start: number
  loc: { start: { line: number } }
  [field: string]: unknown
}

interface Script {
  file: string
  tree: Located
}

function isNode(value: unknown): value is Located {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value
}

function walk(node: Located, visit: (node: Located) => void): void {
  visit(node)
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) walk(child, visit)
  }
}

/** Parses every script as the oldest phones do. Only scripts that parse go on to the other checks. */
export function parseScripts(dist: string): { scripts: Script[]; problems: Problem[] } {
  const scripts: Script[] = []
  const problems: Problem[] = []
  for (const file of filesUnder(dist).filter(name => name.endsWith('.js'))) {
    const text = fs.readFileSync(path.join(dist, file), 'utf8')
    try {
      const options = { ecmaVersion, locations: true, allowReturnOutsideFunction: true } as const
      const tree = parse(text, options) as unknown as Located
      scripts.push({ file, tree })
    } catch (error) {
      const { loc, message } = error as { loc?: { line: number }; message: string }
      problems.push({ file, message, ...(loc ? { line: loc.line } : {}) })
    }
  }
  return { scripts, problems }
}

function nameOf(value: unknown): string {
  return isNode(value) && value.type === 'Identifier' ? String(value.name) : ''
}

/**
 * Calls of functions that the oldest phones lack. Such a call throws on the reader's phone, but not on a developer's
 * machine.
 */
export function findTooNew(scripts: readonly Script[]): Problem[] {
  const problems: Problem[] = []
  for (const { file, tree } of scripts) {
    walk(tree, node => {
      if (node.type !== 'CallExpression' || !isNode(node.callee) || node.callee.type !== 'MemberExpression')
        return
      const { object, property, computed } = node.callee
      if (computed === true) return
      const name = nameOf(property)
      const owner = nameOf(object)
      if (tooNew.get(owner)?.includes(name) || tooNewMethods.has(name)) {
        const what = tooNew.has(owner) ? `${owner}.${name}` : `.${name}`
        problems.push({
          file,
          line: node.loc.start.line,
          message: `${what}() does not exist on iOS 12 or Chrome 67`,
        })
      }
    })
  }
  return problems
}

/** Reads of browser globals that the build does not imitate. On a phone each of them throws a ReferenceError. */
export function findAbsentGlobals(scripts: readonly Script[], absent: readonly string[]): Problem[] {
  const problems: Problem[] = []
  for (const { file, tree } of scripts) {
    walk(tree, node => {
      const read =
        node.type === 'MemberExpression'
          ? node.object
          : node.type === 'NewExpression'
            ? node.callee
            : undefined
      if (!isNode(read) || read.type !== 'Identifier') return
      const name = nameOf(read)
      if (absent.includes(name)) {
        problems.push({ file, line: node.loc.start.line, message: `${name} is not there on a phone` })
      }
    })
  }
  return problems
}

/** Every string in the code that looks like one of our routes must be the route of a page. */
export function checkRoutes(dist: string, scripts: readonly Script[]): Problem[] {
  const pages = pagesOf(readProgram(dist).app)
  const roots = [...new Set(pages.map(page => page.split('/')[0]))].join('|')
  const route = new RegExp(`^/((?:${roots})/[\\w/-]+)`)
  const problems: Problem[] = []
  for (const { file, tree } of scripts) {
    walk(tree, node => {
      const text =
        node.type === 'Literal'
          ? node.value
          : node.type === 'TemplateElement'
            ? (node.value as { cooked?: unknown }).cooked
            : undefined
      const page = typeof text === 'string' ? route.exec(text)?.[1] : undefined
      if (page !== undefined && !pages.includes(page)) {
        problems.push({
          file,
          line: node.loc.start.line,
          message: `goes to /${page}, which is no page of app.json`,
        })
      }
    })
  }
  return problems
}

/** Privacy APIs called by our own code. Taro's list of API names does not count as a call. */
export function findPrivacyApis(scripts: readonly Script[]): { api: string; file: string }[] {
  const found = new Map<string, string>()
  for (const { file, tree } of scripts) {
    walk(tree, node => {
      if (node.type !== 'CallExpression' || !isNode(node.callee) || node.callee.type !== 'MemberExpression')
        return
      const name = nameOf(node.callee.property)
      if (privacyApis.has(name)) found.set(name, file)
    })
  }
  return [...found].map(([api, file]) => ({ api, file }))
}
