type Listener = () => void

let library = '3.8.0'
let scene = 1001
let answer = { confirm: false }
const ready: Listener[] = []
const notFound: Listener[] = []
const modals: { title: string }[] = []
const went: string[] = []
let applied = 0
let redirectFails = false

jest.mock('@tarojs/taro', () => ({
  __esModule: true,
  default: {
    getEnterOptionsSync: () => ({ scene }),
    getAppBaseInfo: () => ({ SDKVersion: library }),
    getUpdateManager: () => ({
      onUpdateReady: (listener: Listener) => ready.push(listener),
      applyUpdate: () => {
        applied += 1
      },
    }),
    onPageNotFound: (listener: Listener) => notFound.push(listener),
    showModal: (given: { title: string }) => {
      modals.push(given)
      return Promise.resolve(answer)
    },
    redirectTo: ({ url }: { url: string }) => {
      went.push(url)
      return redirectFails ? Promise.reject(new Error('redirectTo:fail')) : Promise.resolve()
    },
    switchTab: ({ url }: { url: string }) => {
      went.push(url)
      return Promise.resolve()
    },
  },
}))

import { watchApp } from '../../../src/platform/watch-app'

const settled = () => new Promise(resolve => setImmediate(resolve))

beforeEach(() => {
  library = '3.8.0'
  scene = 1001
  answer = { confirm: false }
  redirectFails = false
  applied = 0
  for (const list of [ready, notFound, modals, went]) list.length = 0
})

test('a new version is offered once, and taken only when the reader says so', async () => {
  watchApp()
  for (let times = 0; times < 3; times++) for (const listener of ready) listener()
  await settled()
  expect(modals.map(({ title }) => title)).toEqual(['新版本已经准备好'])
  expect(applied).toBe(0)

  ready.length = 0
  answer = { confirm: true }
  watchApp()
  for (const listener of ready) listener()
  await settled()
  expect(applied).toBe(1)
})

test('a WeChat that is too old is told so, once, and reads on', () => {
  library = '2.19.6'
  watchApp()
  expect(modals.map(({ title }) => title)).toEqual(['微信版本较低'])
  expect(ready).toEqual([])
})

test('an address that leads nowhere ends on the helpful page, or at home where that one does not open', async () => {
  watchApp()
  for (const listener of notFound) listener()
  await settled()
  expect(went).toEqual(['/more/lost/index'])
  redirectFails = true
  went.length = 0
  for (const listener of notFound) listener()
  await settled()
  expect(went).toEqual(['/more/lost/index', '/pages/home/index'])
})

test('in single-page mode nothing is watched that could navigate or ask', () => {
  scene = 1154
  library = '2.19.6'
  watchApp()
  expect([notFound, ready, modals]).toEqual([[], [], []])
})
