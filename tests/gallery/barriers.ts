import { createReadStream } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
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

let address: Promise<string> | undefined

/** Where the browser finds axe-core. Half a megabyte takes it half a second if it comes over Playwright's connection. */
function axeAddress(): Promise<string> {
  address ??= new Promise(started => {
    const server = createServer((_, reply) => {
      reply.writeHead(200, { 'content-type': 'text/javascript', 'cache-control': 'max-age=86400' })
      createReadStream(require.resolve('axe-core/axe.min.js')).pipe(reply)
    })
    // It ends with the process.
    server.unref()
    server.listen(0, '127.0.0.1', () =>
      started(`http://127.0.0.1:${(server.address() as AddressInfo).port}/axe.js`),
    )
  })
  return address
}

/**
 * What keeps readers with a screen reader or a keyboard from the page as it is drawn now, by axe-core's rules (minor ones
 * and best practices included): one line for each element. `only` names the rules; without it, all of them run. The
 * page must run scripts, and let this one in.
 */
export async function barriersOf(page: Page, only?: readonly string[]): Promise<string[]> {
  if (!(await page.evaluate(() => window.axe !== undefined)))
    await page.addScriptTag({ url: await axeAddress() })
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
