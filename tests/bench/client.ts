import { launchBrowser } from '../support/browser'
import { weappDist } from '../support/weapp-dist'
import { measureNodes, measurePackages, measurePayloads, measureReconnect } from '../weapp/measure'
import type { Figure } from './figure'

/** What the built mini-program weighs, sends to its view and draws. The figures are the same on every run. */
export async function measureClient(): Promise<Figure[]> {
  const dist = await weappDist()
  const { main } = measurePackages(dist)
  if (!main) throw new Error(`no main package in ${dist}`)
  const payloads = await measurePayloads(dist)
  const browser = await launchBrowser()
  try {
    const drawn = await measureNodes(dist, browser)
    const reconnect = await measureReconnect(dist, browser)
    const built = 'dist/weapp without subpackages, licences and maps'
    return [
      { name: 'weapp.main.bytes', value: main.bytes, unit: 'B', how: built },
      { name: 'weapp.main.zip', value: main.zip, unit: 'B', how: `${built}, zipped at level 9` },
      ...Object.entries(payloads).map(([name, value]) => ({
        name,
        value,
        unit: name.endsWith('Calls') ? 'calls' : 'B',
        how: 'setData of the standard story in the Node host, time and chance frozen',
      })),
      ...Object.entries(drawn).map(([name, value]) => ({
        name,
        value,
        unit: '',
        how: 'elements of the standard story as drawn by the browser host, from wx-page down',
      })),
      {
        name: 'reconnect.requests',
        value: reconnect,
        unit: 'calls',
        how: 'of one pending vote when the network is back, its page open, in the browser host',
      },
    ]
  } finally {
    await browser.close()
  }
}
