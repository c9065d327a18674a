import * as v from 'valibot'
import { Misuse, siteAddress } from '../config/given'

/**
 * What `npm run deploy` must know of your account. Edit the values below; everything else is read from the repository.
 * Secrets never stand here: they come from the environment, or from the ignored file deploy/.env (see README.md).
 */
const Settings = v.object({
  /** The CloudBase environment, as the console shows it: `name-0g1234567890abcd`. `KEPU_ENV_ID` overrides it. */
  envId: v.string(),
  region: v.string(),
  /** The runtime of new functions. It cannot be changed later (云函数运行环境). */
  runtime: v.pipe(v.string(), v.regex(/^Nodejs(1[89]|[2-9]\d)\.\d+$/, 'Node 18 or newer')),
  /** MB. `web` renders pages and needs more. */
  memory: v.record(v.string(), v.picklist([128, 256, 512, 1024, 2048, 3072])),
  /** The domain of the web edition. Empty: the environment's own domain, which is for tests only (rate limited). */
  webDomain: v.pipe(
    v.string(),
    v.check(
      given =>
        given === '' || (URL.canParse(`https://${given}`) && new URL(`https://${given}`).host === given),
      'a name like www.kepu.cn alone, without https:// or a path',
    ),
  ),
  /** The version and the robot (1 to 30) that the WeChat console shows for an upload. */
  app: v.object({
    version: v.string(),
    robot: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(30)),
  }),
})
export type Settings = v.InferOutput<typeof Settings>

const settings: Settings = {
  envId: '',
  region: 'ap-shanghai',
  runtime: 'Nodejs18.15',
  memory: { default: 256, web: 512 },
  webDomain: '',
  app: { version: '0.1.0', robot: 1 },
}

/**
 * What the build must know of your account (config/targets.ts); a variable that is set stays. Without an address of the
 * site the mini-program offers no link to copy: a made-up one would lead nowhere.
 * @throws Misuse where KEPU_SITE_URL is no address of a site
 */
export const buildVariables = (
  { envId, webDomain }: Settings,
  { KEPU_CLOUD_ENV = envId, KEPU_SITE_URL = webDomain && `https://${webDomain}` } = process.env,
) => ({ KEPU_CLOUD_ENV, KEPU_SITE_URL: siteAddress('KEPU_SITE_URL', KEPU_SITE_URL) })

/**
 * The settings above, with the environment of `KEPU_ENV_ID` where it is set.
 * @throws Misuse naming the setting that is wrong
 */
export function readSettings(given: unknown = settings, environment = process.env): Settings {
  const parsed = v.safeParse(Settings, given)
  if (parsed.success) return { ...parsed.output, envId: environment.KEPU_ENV_ID ?? parsed.output.envId }
  const [issue] = parsed.issues
  throw new Misuse(`deploy/settings.ts: ${v.getDotPath(issue) ?? 'the settings'}: ${issue.message}`)
}
