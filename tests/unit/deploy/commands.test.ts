import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { main as backup } from '../../../deploy/backup/cli'
import { main as deploy } from '../../../deploy/cli'
import { type Command, commandOf, Refusal } from '../../../deploy/command'
import { main as cost } from '../../../deploy/cost/cli'
import { main as doctor } from '../../../deploy/doctor/cli'
import { isEditorKeys, readSecrets } from '../../../deploy/secrets'
import { buildVariables, readSettings } from '../../../deploy/settings'
import { main as fuzz } from '../../fuzz/run'

// The commands build nothing before they know that their arguments are right.
jest.mock('../../../config/build', () => ({
  ensureBuilt: () => {
    throw new Error('begun')
  },
}))

const folder = mkdtempSync(path.join(tmpdir(), 'commands-'))
afterAll(() => rmSync(folder, { recursive: true }))
const fileOf = (name: string, text: string): string => {
  const file = path.join(folder, name)
  writeFileSync(file, text)
  return file
}
const half = fileOf('half.json', '{"collections":[]}')
const broken = fileOf('broken.json', '{')
fileOf('manifest.json', '{}')

const { env } = process
afterEach(() => {
  process.env = env
  jest.restoreAllMocks()
})

/** Runs a command. Returns its exit code and what it wrote. */
async function outcomeOf(command: Command, args: string[], variables: NodeJS.ProcessEnv) {
  jest.restoreAllMocks()
  const out = jest.spyOn(console, 'log').mockImplementation(() => undefined)
  const err = jest.spyOn(console, 'error').mockImplementation(() => undefined)
  const none = { KEPU_ENV_ID: '', TENCENT_SECRET_ID: '', TENCENT_SECRET_KEY: '', EDITOR_KEYS: '' }
  process.env = { ...env, ...none, ...variables }
  const code = await command(args)
  const linesOf = ({ mock }: typeof out) => mock.calls.map(([line]) => line)
  return { code, out: linesOf(out), err: linesOf(err) }
}

const oneKey = { TENCENT_SECRET_ID: 'a' }

const commands: Record<string, Command> = { deploy, doctor, backup, cost, fuzz }

test.each<[name: string, args: string[], says: RegExp, variables?: NodeJS.ProcessEnv]>([
  ['deploy', [], /^Name the environment: set envId/],
  ['deploy', [], /^Set TENCENT_SECRET_ID/, { KEPU_ENV_ID: 'env' }],
  ['deploy', ['--plan'], /^TENCENT_SECRET_ID and TENCENT_SECRET_KEY belong together/, oneKey],
  ['deploy', ['--plan'], /^EDITOR_KEYS must be JSON/, { EDITOR_KEYS: '{"a":1}' }],
  ['deploy', ['--plan'], /^KEPU_SITE_URL must be the address of a site/, { KEPU_SITE_URL: 'kepu.cn' }],
  ['deploy', ['--only', 'site'], /^--only does not know "site", only rules, functions, web, app\.$/],
  ['deploy', ['--only', ''], /^--only does not know ""/],
  ['deploy', ['--from', half], /half\.json: functionRule: .*deploy\/state\.ts/],
  ['deploy', ['--from', broken], /broken\.json cannot be read as JSON/],
  ['deploy', ['--from', path.join(folder, 'none')], /cannot be read as JSON: ENOENT/],
  ['deploy', ['--never'], /'--never'.*\nnpm run deploy/],
  ['doctor', ['now'], /'now'[^\n]*\nnpm run doctor/],
  ['doctor', [], /belong together/, oneKey],
  ['backup', ['backup'], /^Name the folder: --to/],
  ['backup', ['backup', '--to', folder], /^Name the environment/],
  ['backup', ['backup', '--to', folder], /belong together/, oneKey],
  ['backup', ['backup', '--to', folder, '--salt-to', path.join(folder, 'salt')], /^Keep the salt elsewhere/],
  ['backup', ['backup', '--to', folder, '--salt-to', `${folder}-salt`], /^Name the environment/],
  ['backup', ['backup', 'twice', '--to', folder], /^There is nothing to do with twice/],
  ['backup', ['restore', '--from', path.join(folder, 'none')], /holds no whole backup/],
  ['backup', ['restore', '--from', folder], /manifest\.json: format is not valid/],
  ['backup', ['backup', '--to', ' '], /^--to must name a file or a folder, and is empty\.$/],
  ['backup', ['backup', '--to', `${folder}-new`, '--salt-to', ''], /^--salt-to must name/],
  ['backup', ['restore', '--from', '', '--local'], /^--from must name/],
  ['backup', ['restore', '--from', 'x', '--salt-from', ''], /^--salt-from must name/],
  ['backup', ['backup', '--to', `${folder}-new`, '--local', '--data', ''], /^--data must name/],
  ['backup', ['backup', '--to', `${folder}-new`, '--local'], /^KEPU_DATA must name/, { KEPU_DATA: ' ' }],
  ['doctor', ['--local', '--data', ''], /^--data must name/],
  ['doctor', ['--local'], /^KEPU_DATA must name/, { KEPU_DATA: '' }],
  ['deploy', ['--from', ''], /^--from must name/],
  ['deploy', ['--from', fileOf('text.md', '# a\n\nb c d\n')], /^--from: .* cannot be read as JSON: [^\n]+$/],
  ['cost', ['--readers', '   '], /not " {3}"/],
  ['cost', ['--readers', '0x10'], /not "0x10"/],
  ['cost', ['--readers', 'many'], /not "many"/],
  ['cost', ['--readers', '1e30'], /not "1e30"/],
  ['cost', ['--readers', ''], /not ""/],
  ['cost', ['--months', '1'], /'--months'[^\n]*\nnpm run cost/],
  ['fuzz', ['--events', 'x'], /must be whole numbers/],
])('%s %j says what is wrong, begins nothing and exits with 2', async (name, args, says, variables = {}) => {
  const { code, out, err } = await outcomeOf(commands[name] as Command, args, variables)
  expect({ code, out }).toEqual({ code: 2, out: [] })
  // Text, not an error with its stack.
  expect(err).toEqual([expect.stringMatching(says)])
})

test.each(Object.keys(commands))('%s --help prints how it is called and begins nothing', async name => {
  const { code, out, err } = await outcomeOf(commands[name] as Command, ['--help'], {})
  expect({ code, out, err }).toEqual({ code: 0, out: [expect.stringContaining(`npm run ${name}`)], err: [] })
})

test('a plan for an empty environment has every kind of step and builds nothing', async () => {
  const { code, out, err } = await outcomeOf(deploy, ['--plan'], {})
  expect({ code, err }).toEqual({ code: 0, err: [] })
  const plan = out.join('\n')
  for (const step of [
    /create the collection votes$/m,
    /create the function web on Nodejs/,
    /configure the function clock: \d+ MB, 60 s$/m,
    /create the timer \w+ of clock: /,
    /upload the files of the web edition$/m,
    /upload the mini-program$/m,
  ])
    expect(plan).toMatch(step)
})

test('with --json an error is one JSON object on the standard output', async () => {
  const { code, out, err } = await outcomeOf(deploy, ['--json', '--only', 'site'], {})
  expect({ code, err }).toEqual({ code: 2, err: [] })
  expect(JSON.parse(out.join())).toEqual({ error: expect.stringMatching(/^--only does not know/) })
})

test('what a service refuses is one sentence with code 1; only what nobody expected shows its stack', async () => {
  const failing = (error: Error): Command => commandOf(() => Promise.reject(error), 'usage')
  const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED' })
  for (const error of [refused, new Refusal('The salt is another one.')])
    expect(await outcomeOf(failing(error), [], {})).toEqual({ code: 1, out: [], err: [error.message] })
  const unexpected = new TypeError('x is not a function')
  expect(await outcomeOf(failing(unexpected), [], {})).toEqual({ code: 1, out: [], err: [unexpected] })
})

test('the mini-program is built for the environment and the site that it is deployed to', () => {
  const settings = readSettings(undefined, { KEPU_ENV_ID: 'env' })
  const build = (webDomain: string, environment = {}) =>
    buildVariables({ ...settings, webDomain }, environment)
  expect(build('kepu.cn')).toEqual({ KEPU_CLOUD_ENV: 'env', KEPU_SITE_URL: 'https://kepu.cn' })
  expect(build('')).toEqual({ KEPU_CLOUD_ENV: 'env', KEPU_SITE_URL: '' })
  const KEPU_SITE_URL = 'https://www.kepu.cn'
  for (const given of [KEPU_SITE_URL, `${KEPU_SITE_URL}/`])
    expect(build('kepu.cn', { KEPU_SITE_URL: given })).toEqual({ KEPU_CLOUD_ENV: 'env', KEPU_SITE_URL })
})

test('secrets come from the environment, and what it lacks from deploy/.env', () => {
  const root = path.join(folder, 'secrets')
  mkdirSync(path.join(root, 'deploy'), { recursive: true })
  const lines = ['# an account', 'TENCENT_SECRET_ID = of-file', "TENCENT_SECRET_KEY='with = and #'", '']
  writeFileSync(path.join(root, 'deploy/.env'), lines.join('\n'))
  expect(readSecrets(root, { TENCENT_SECRET_ID: 'of-environment' })).toEqual({
    account: { secretId: 'of-environment', secretKey: 'with = and #' },
    appKeyFile: '',
    variables: {},
  })
  // As an editor on Windows saves it, with every name there is.
  const keys = JSON.stringify({ 王编辑: 'a'.repeat(64) })
  const whole = [
    '  TENCENT_SECRET_ID=id  ',
    '\tTENCENT_SECRET_KEY="key"',
    'TENCENT_TOKEN=token',
    '# TENCENT_TOKEN=another',
    'WEAPP_KEY_FILE=/keys/upload.key',
    `EDITOR_KEYS='${keys}'`,
    'NO VALUE',
  ]
  writeFileSync(path.join(root, 'deploy/.env'), whole.join('\r\n'))
  expect(readSecrets(root, {})).toEqual({
    account: { secretId: 'id', secretKey: 'key', token: 'token' },
    appKeyFile: '/keys/upload.key',
    variables: { EDITOR_KEYS: keys },
  })
})

test.each([
  ['', false],
  ['{', false],
  ['{}', false],
  ['["a"]', false],
  [`{"a":"${'a'.repeat(64)}"}`, true],
  [`{"a":"${'a'.repeat(64)}","b":"${'9'.repeat(64)}"}`, true],
  [`{"a":"${'a'.repeat(64)}","b":""}`, false],
  [`{"a":"${'A'.repeat(64)}"}`, false],
  [`{"a":"${'a'.repeat(65)}"}`, false],
])('EDITOR_KEYS %j let somebody edit: %s', (text, expected) => {
  expect(isEditorKeys(text)).toBe(expected)
})

test('a wrong setting is named', () => {
  const good = readSettings(undefined, { KEPU_ENV_ID: 'env' })
  expect(good.envId).toBe('env')
  expect(readSettings(good, {}).envId).toBe('env')
  expect(readSettings(good, { KEPU_ENV_ID: 'other' }).envId).toBe('other')
  const wrong = (change: object) => () => readSettings({ ...good, ...change }, {})
  for (const web of [128, 256, 512, 1024, 2048, 3072]) expect(wrong({ memory: { web } })).not.toThrow()
  for (const robot of [1, 30]) expect(wrong({ app: { version: '1', robot } })).not.toThrow()
  expect(wrong({ app: { version: '1', robot: 0 } })).toThrow(/app\.robot/)
  for (const runtime of ['Nodejs18.15', 'Nodejs19.0', 'Nodejs20.19']) expect(wrong({ runtime })).not.toThrow()
  for (const webDomain of ['', 'kepu.cn', 'www.kepu.cn:8443']) expect(wrong({ webDomain })).not.toThrow()
  for (const webDomain of ['https://kepu.cn', 'kepu.cn/', 'kepu.cn/site', ' '])
    expect(wrong({ webDomain })).toThrow('deploy/settings.ts: webDomain: a name like www.kepu.cn alone')
  for (const runtime of ['Nodejs16.13', 'Nodejs9.1', 'Nodejs18', 'Nodejs18.15-x', 'my Nodejs18.15', ''])
    expect(wrong({ runtime })).toThrow('deploy/settings.ts: runtime: Node 18 or newer')
  expect(wrong({ memory: { web: 500 } })).toThrow(/^deploy\/settings\.ts: memory\.web: /)
  expect(wrong({ app: { version: '1', robot: 31 } })).toThrow(/app\.robot/)
})
