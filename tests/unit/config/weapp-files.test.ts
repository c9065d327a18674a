import { readFileSync } from 'node:fs'
import path from 'node:path'
import { projectOf } from '../../../config/project-file'
import { weappConstants } from '../../../config/weapp-constants'

const root = path.resolve(__dirname, '../../..')
const project = JSON.parse(readFileSync(path.join(root, 'project.config.json'), 'utf8'))

describe('the project file that WeChat’s tool opens', () => {
  test('of the root folder deploys the mini-program and the functions, and checks every address', () => {
    expect(project).toMatchObject({
      ...{ miniprogramRoot: 'dist/weapp', cloudfunctionRoot: 'dist/cloudfunctions' },
      ...{ compileType: 'miniprogram', setting: { urlCheck: true } },
    })
    // The build has done these steps already; doing them twice breaks its output.
    expect(project.setting).toMatchObject({ es6: false, enhance: false, postcss: false })
  })

  test('of the build stands in its own folder, is the same mini-program, and deploys no functions', () => {
    const { cloudfunctionRoot: _, ...rest } = project
    expect(projectOf('weapp', project)).toEqual({ ...rest, miniprogramRoot: './' })
  })

  test('of the simulator’s build has a name of its own, and may call an address without https', () => {
    const { cloudfunctionRoot: _, ...rest } = project
    expect(projectOf('weapp-local', project)).toEqual({
      ...rest,
      ...{ miniprogramRoot: './', projectname: `${project.projectname}-local` },
      setting: { ...project.setting, urlCheck: false },
    })
    expect(project.setting.urlCheck).toBe(true)
  })
})

test.each<[what: string, environment: NodeJS.ProcessEnv, expected: Record<string, string>]>([
  ['nothing', {}, { CLOUD_ENV: '', SITE_URL: '' }],
  ['an environment', { KEPU_CLOUD_ENV: 'kepu-0g12' }, { CLOUD_ENV: 'kepu-0g12', SITE_URL: '' }],
  ['a site', { KEPU_SITE_URL: 'https://kepu.cn' }, { CLOUD_ENV: '', SITE_URL: 'https://kepu.cn' }],
  [
    'a local cloud',
    { KEPU_TARGET: 'local', KEPU_LOCAL_CLOUD: 'http://127.0.0.1:9001', KEPU_SITE_URL: 'https://kepu.cn' },
    { CLOUD_ENV: '', SITE_URL: 'http://127.0.0.1:9001', CLOUD_URL: 'http://127.0.0.1:9001' },
  ],
  // The address of the phone preview, where each browser is a reader.
  ['no local cloud in particular', { KEPU_TARGET: 'local' }, { CLOUD_URL: 'http://127.0.0.1:8788' }],
])('a mini-program that is built for %s knows it', (_what, environment, expected) => {
  const constants = weappConstants('1.2.3', environment)
  const parsed = Object.fromEntries(
    Object.entries(constants).map(([name, text]) => [name, JSON.parse(text) as unknown]),
  )
  expect(parsed).toMatchObject({ APP_VERSION: '1.2.3', PRINCIPLES: [], ...expected })
  expect(weappConstants('1', { KEPU_PRINCIPLES: '[1]' }).PRINCIPLES).toBe('[1]')
})
