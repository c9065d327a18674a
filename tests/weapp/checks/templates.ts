import fs from 'node:fs'
import path from 'node:path'
import type { TreeNode } from '../../../weapp-host/node-host'
import { filesUnder } from '../../../weapp-host/program'

/** Keys that every Taro template reads in another way than as an attribute. */
const structural = new Set(['nn', 'cn', 'sid', 'uid', 'cl', 'st', 'v'])

/** Templates of a build by the name that nodes carry (`nn`), with their attributes: name → expression. */
export function readTemplates(dist: string): Map<string, Map<string, string>> {
  const text = filesUnder(dist)
    .filter(file => file.endsWith('.wxml'))
    .map(file => fs.readFileSync(path.join(dist, file), 'utf8'))
    .join('\n')
  const templates = new Map<string, Map<string, string>>()
  for (const [, name = '', body = ''] of text.matchAll(
    /<template name="tmpl_0_([^"]+)">([\s\S]*?)<\/template>/g,
  )) {
    const first = /^\s*<[\w-]+([^>]*)/.exec(body)?.[1] ?? ''
    const attributes = [...first.matchAll(/([\w:-]+)="([^"]*)"/g)].map(
      ([, key = '', value = '']): [string, string] => [key, value],
    )
    templates.set(name, new Map([...attributes, ['', body]]))
  }
  return templates
}

/**
 * A template must read everything in a page's data: a node without a template is not drawn, and an attribute that no
 * template reads is silently lost. Returns one line for each kind of loss.
 */
export function findLostNodes(
  templates: Map<string, Map<string, string>>,
  roots: readonly TreeNode[],
): string[] {
  const lost = new Set<string>()
  const look = (node: TreeNode): void => {
    const template = templates.get(node.nn)
    if (!template) {
      lost.add(`no template ${node.nn}`)
      return
    }
    // A compiled template draws its whole subtree itself and reads it by position.
    if (/^f\d/.test(node.nn)) return
    const own = template.get('') ?? ''
    // The template of an input only chooses between two others (utils.wxs, `c`): if `focus` is set at all, the one that
    // opens the keyboard.
    const chosen = /\bxs\.c\(/.test(own)
      ? `${node.nn}_${node.focus === undefined ? 'blur' : 'focus'}`
      : undefined
    const body = chosen === undefined ? own : (templates.get(chosen)?.get('') ?? '')
    for (const key of Object.keys(node)) {
      if (!structural.has(key) && !new RegExp(`\\bi\\.${key}\\b`).test(body)) {
        lost.add(`template ${node.nn} does not read ${key} (${JSON.stringify(node[key])})`)
      }
    }
    for (const child of node.cn ?? []) look(child)
  }
  for (const node of roots) look(node)
  return [...lost]
}

/** The attributes that a node passes to a screen reader through its template. */
export function ariaOf(templates: Map<string, Map<string, string>>, node: TreeNode): Record<string, unknown> {
  const shown: Record<string, unknown> = {}
  for (const [attribute, expression] of templates.get(node.nn) ?? []) {
    const key = /^\{\{i\.(\w+)\}\}$/.exec(expression)?.[1]
    if (attribute.startsWith('aria-') && key !== undefined && node[key] !== undefined)
      shown[attribute] = node[key]
  }
  return shown
}
