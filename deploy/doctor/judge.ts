import type { Step } from '../plan'
import { describeStep } from '../plan'

/** What is known about a clone and its environment. `null`: this cannot be seen from here. */
export interface Facts {
  /** Where the environment is: a local cloud, or a CloudBase environment, by its name. */
  environment: string
  isLocal: boolean
  node: { version: string; wanted: string; fits: boolean }
  appid: string
  /** Why the environment cannot be read. */
  unreachable: string | null
  usesOpa: boolean | null
  /** What `npm run deploy` would do. */
  steps: Step[] | null
  /** Names in the repository that the environment does not have. For a local cloud, which has no plan. */
  missing: { collections: string[]; functions: string[]; timers: string[] } | null
  /** 未登录访问: whether a guest got an answer. */
  guestsMayCall: boolean | null
  anonymousLogin: boolean | null
  /** Time (ms) of the last tick that took the clock's lease: it does so at least once an hour. */
  lastTick: number | null
  /** Whether the collections could be read. */
  hasDocuments: boolean
  now: number
  /** Digest (hex) of the salt of readers' hashes, and the one that this machine saw first. */
  salt: { found: string | null; known: string | null }
  /** Whether the function `editor` accepts a key. */
  hasEditorKeys: boolean | null
  /** Of the previews of the last day: whether one has a mini-code, or WeChat refused all. Null without previews. */
  hasMiniCodes: boolean | null
  /** APIs in our source that 用户隐私保护指引 must declare, with the name of what they touch. */
  privacy: { api: string; declares: string }[]
  channels: string[]
  icp: string
  webDomain: string
}

/** `ok`; `mend`: something is wrong; `look`: no tool can see it, so a person must. */
export type Verdict = 'ok' | 'mend' | 'look'

export interface Line {
  about: string
  verdict: Verdict
  /** What was found. */
  says: string
  /** What to do. */
  next?: string
}

/** A live clock takes its lease every hour; ticks come every two minutes. */
const longestSilence = 75 * 60_000

const deploy = 'npm run deploy'

/** The parts of a plan, as the doctor names them, in its order. */
const parts = ['collections', 'rules', 'indexes', 'models', 'functions', 'timers', 'web'] as const

const partOf: Readonly<Record<Step['do'], (typeof parts)[number] | null>> = {
  'create-collection': 'collections',
  'set-collection-rule': 'rules',
  'set-function-rule': 'rules',
  'set-storage-rule': 'rules',
  'drop-index': 'indexes',
  'create-index': 'indexes',
  'create-model': 'models',
  'update-model': 'models',
  'create-function': 'functions',
  'update-code': 'functions',
  'configure-function': 'functions',
  'publish-version': 'functions',
  release: 'functions',
  'remove-trigger': 'timers',
  'create-trigger': 'timers',
  'create-route': 'web',
  'update-route': 'web',
  'enable-hosting': 'web',
  'upload-files': 'web',
  // The doctor plans no upload of the mini-program: WeChat does not tell which code it has.
  'upload-app': null,
}

const ago = (ms: number): string => {
  const minutes = Math.round(ms / 60_000)
  // A clock at work has taken its lease for a time that has not come; this machine's time may also be a little behind.
  if (minutes < 2) return 'just now'
  return minutes < 120 ? `${minutes} minutes ago` : `${Math.round(minutes / 60)} hours ago`
}

function judgePlan(steps: readonly Step[]): Line[] {
  return parts.map(about => {
    const open = steps.filter(step => partOf[step.do] === about)
    const [first] = open
    if (!first) return { about, verdict: 'ok', says: 'as in the repository' }
    const more = open.length > 1 ? `, and ${open.length - 1} more` : ''
    return { about, verdict: 'mend', says: `not done: ${describeStep(first)}${more}`, next: deploy }
  })
}

function judgeMissing(missing: NonNullable<Facts['missing']>): Line[] {
  return Object.entries(missing).map(([about, names]) =>
    names.length === 0
      ? { about, verdict: 'ok', says: 'as in the repository' }
      : {
          about,
          verdict: 'mend',
          says: `missing: ${names.join(', ')}`,
          next: 'npm run build, then start the local cloud again',
        },
  )
}

function judgeSalt({ found, known }: Facts['salt']): Line {
  const about = 'salt'
  if (found === null)
    return {
      about,
      verdict: 'look',
      says: 'the salt of readers’ hashes is not made yet',
      next: 'the first vote makes it; then keep it: npm run backup -- --to <folder> --salt-to <file elsewhere>',
    }
  if (known !== null && known !== found)
    return {
      about,
      verdict: 'mend',
      says: 'the salt of readers’ hashes has changed: readers are cut off from their votes',
      next: 'put the old salt back: npm run restore -- --from <folder> --salt-from <file>',
    }
  return { about, verdict: 'ok', says: 'set, and as this machine saw it first' }
}

function judgeClock({ lastTick, now, isLocal }: Facts): Line {
  const about = 'clock'
  const next = isLocal
    ? 'npm run cloud -- fire clock; npm run cloud -- logs --function clock'
    : 'look at the timer tick and the log of the function clock in the console'
  if (lastTick === null) return { about, verdict: 'mend', says: 'has never ticked', next }
  const silence = now - lastTick
  if (silence > longestSilence) return { about, verdict: 'mend', says: `last worked ${ago(silence)}`, next }
  return { about, verdict: 'ok', says: `last worked ${ago(silence)} (it writes at least once an hour)` }
}

function judgeCode({ hasMiniCodes, isLocal }: Facts): Line {
  const about = 'openapi'
  if (hasMiniCodes === null)
    return {
      about,
      verdict: 'look',
      says: 'no preview of the last day shows whether editor may draw mini-codes',
      next: 'make a preview of any draft in the panel, then ask again',
    }
  return hasMiniCodes
    ? { about, verdict: 'ok', says: 'editor may draw mini-codes' }
    : {
        about,
        verdict: 'mend',
        says: 'WeChat refuses mini-codes (-604101: the permission is not granted)',
        next: isLocal
          ? 'permissions.openapi of cloudfunctions/editor/config.json must name wxacode.getUnlimited'
          : 'WeChat developer tool: right-click cloudfunctions/editor, 上传并部署：云端安装依赖',
      }
}

const placeholder = /0{6}/

function judgeAccess(facts: Facts): Line[] {
  const { guestsMayCall, anonymousLogin, isLocal } = facts
  const guests: Line =
    guestsMayCall === null
      ? {
          about: '未登录访问',
          verdict: 'look',
          says: 'no tool can read it',
          next: 'WeChat cloud console → 设置 → 权限设置: on for content, reactions and sharing, or readers in Moments see nothing',
        }
      : guestsMayCall
        ? { about: '未登录访问', verdict: 'ok', says: 'a guest can open stories' }
        : {
            about: '未登录访问',
            verdict: 'mend',
            says: 'guests are refused: readers in Moments see nothing',
            next: isLocal
              ? 'start without --no-unauthenticated-access'
              : 'WeChat cloud console → 设置 → 权限设置',
          }
  if (anonymousLogin === null) return [guests]
  return [
    guests,
    anonymousLogin
      ? { about: 'anonymous login', verdict: 'ok', says: 'on' }
      : {
          about: 'anonymous login',
          verdict: 'mend',
          says: 'off: pages of the site cannot call functions',
          next: 'CloudBase console → 身份认证 → 登录方式 → 匿名登录',
        },
  ]
}

function judgeEnvironment(facts: Facts): Line[] {
  const { environment, unreachable, usesOpa, steps, missing, hasEditorKeys } = facts
  if (unreachable !== null)
    return [{ about: 'environment', verdict: 'mend', says: `cannot be read: ${unreachable}` }]
  const lines: Line[] = [{ about: 'environment', verdict: 'ok', says: environment }]
  if (usesOpa !== null)
    lines.push(
      usesOpa
        ? {
            about: 'gateway',
            verdict: 'mend',
            says: 'access is decided by OPA (authz_engine=opa): the function rules do not apply, every reader may call editor and clock',
            next: 'use another environment',
          }
        : { about: 'gateway', verdict: 'ok', says: 'applies the function rules' },
    )
  if (steps) lines.push(...judgePlan(steps))
  if (missing) lines.push(...judgeMissing(missing))
  lines.push(...judgeAccess(facts))
  if (facts.hasDocuments) lines.push(judgeClock(facts), judgeSalt(facts.salt), judgeCode(facts))
  if (hasEditorKeys !== null)
    lines.push(
      hasEditorKeys
        ? { about: 'EDITOR_KEYS', verdict: 'ok', says: 'set' }
        : {
            about: 'EDITOR_KEYS',
            verdict: 'mend',
            says: 'no editor has a key: the function editor refuses every call',
            next: 'set EDITOR_KEYS (deploy/README.md), then npm run deploy',
          },
    )
  return lines
}

function judgeApp({ isLocal, appid, privacy, channels, icp, webDomain }: Facts): Line[] {
  if (isLocal) return []
  return [
    appid === 'touristappid'
      ? { about: 'appid', verdict: 'mend', says: 'not set', next: 'set it in project.config.json' }
      : { about: 'appid', verdict: 'ok', says: appid },
    ...(privacy.length > 0
      ? [
          {
            about: 'privacy',
            verdict: 'look' as const,
            says: `the source calls ${privacy.map(({ api }) => api).join(', ')}`,
            next: `mp.weixin.qq.com → 用户隐私保护指引: declare ${[...new Set(privacy.map(({ declares }) => declares))].join('、')}; an undeclared API fails with errno 112`,
          },
        ]
      : []),
    {
      about: 'category',
      verdict: 'look',
      says: `channels: ${channels.join('、')}`,
      next: '服务类目: 资讯 → 信息资讯 (not open to personal accounts). News of two or more industries needs a licence; 时政 always does',
    },
    {
      about: 'AI and algorithms',
      verdict: 'look',
      says: 'rankings and related stories are chosen by counts and shared tags',
      next: 'ask counsel whether 算法备案 applies to you; a story made with AI must say so (标识办法 of 2025-09-01)',
    },
    placeholder.test(icp) || icp === ''
      ? { about: 'ICP', verdict: 'mend', says: 'no ICP number', next: 'set filings.icp in src/site.ts' }
      : { about: 'ICP', verdict: 'ok', says: icp },
    webDomain === ''
      ? {
          about: 'domain',
          verdict: 'mend',
          says: 'the site is on the environment’s own domain: rate limited, with a notice first',
          next: 'bind a domain with 备案, then set webDomain in deploy/settings.ts',
        }
      : { about: 'domain', verdict: 'ok', says: webDomain },
  ]
}

/** What is well and what is not, in the order in which one would mend it. A pure function of the facts. */
export function judge(facts: Facts): Line[] {
  const { version, wanted, fits } = facts.node
  return [
    fits
      ? { about: 'node', verdict: 'ok', says: version }
      : {
          about: 'node',
          verdict: 'mend',
          says: `${version} is not ${wanted}`,
          next: `install Node ${wanted}`,
        },
    ...judgeEnvironment(facts),
    ...judgeApp(facts),
  ]
}
