import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'

interface Finding {
  id: string
  impact: string | null
  help: string
  nodes: { target: unknown[]; html: string }[]
}

declare global {
  interface Window {
    axe?: { run(context: Document, options: object): Promise<{ violations: Finding[] }> }
  }
}

let script: Promise<string> | undefined

/**
 * What keeps readers with a screen reader or a keyboard from the page as it is drawn now, by axe-core's rules (minor ones
 * and best practices included): one line for each element. `only` names the rules; without it, all of them run. The
 * page must run scripts, because axe-core waits for timers.
 */
export async function barriersOf(page: Page, only?: readonly string[]): Promise<string[]> {
  script ??= readFile(require.resolve('axe-core/axe.min.js'), 'utf8')
  // Evaluated, not added as an element: a page that runs no script would not run that either.
  if (!(await page.evaluate(() => window.axe !== undefined))) await page.evaluate(await script)
  const violations = await page.evaluate(
    async rules => {
      const found = await window.axe?.run(document, {
        resultTypes: ['violations'],
        ...(rules ? { runOnly: { type: 'rule', values: rules } } : {}),
      })
      if (!found) throw new Error('axe-core is not there')
      return found.violations.map(({ id, impact, help, nodes }) => ({
        id,
        impact,
        help,
        nodes: nodes.map(({ target, html }) => ({ target, html: html.slice(0, 120) })),
      }))
    },
    only ? [...only] : undefined,
  )
  return violations.flatMap(({ id, impact, help, nodes }) =>
    nodes.map(({ target, html }) => `${impact} ${id}: ${help}: ${target.join(' ')} ${html}`),
  )
}
