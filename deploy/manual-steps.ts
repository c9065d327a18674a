import type { Settings } from './settings'
import type { Target } from './target'

/** What no tool can do, in the order in which it is needed. */
export function manualSteps(target: Target, settings: Settings): string[] {
  const openapi = target.functions.filter(one => one.openapi.length > 0)
  const hasKeys = target.functions.some(({ variables }) => variables.EDITOR_KEYS !== undefined)
  return [
    ...(hasKeys
      ? []
      : [
          'Give editors a key, unless the function editor has keys already: set EDITOR_KEYS (deploy/README.md) and deploy again. Without keys it refuses every call.',
        ]),
    ...openapi.map(
      ({ name, openapi: permissions }) =>
        `Grant the function ${name} the openapi permissions ${permissions.join(', ')}: in the WeChat developer tool, right-click cloudfunctions/${name}, 上传并部署：云端安装依赖. No other tool reads the permissions of config.json.`,
    ),
    'Let readers in without a login, for Moments’ single-page mode: WeChat cloud console → 设置 → 权限设置 → 未登录用户访问权限, on for content, reactions and sharing only.',
    'Let visitors of the web edition in: CloudBase console → 身份认证 → 登录方式 → 匿名登录.',
    `Allow the site’s address to call: CloudBase console → 环境配置 → 安全来源 → 安全域名, add ${settings.webDomain || 'the address of the web edition'}.`,
    ...(settings.webDomain
      ? []
      : [
          'Bind a domain with an ICP number (备案) for the web edition, and set webDomain in deploy/settings.ts: the environment’s own domain is rate limited and shows a notice first.',
        ]),
    'Set the alarm for a clock that stands still: CloudBase console → 监控告警 → 云函数 clock, 调用次数 below 1 in 10 minutes.',
    'In the WeChat console (mp.weixin.qq.com): fill in 用户隐私保护指引, choose the category, then 版本管理 → the uploaded version → 提交审核.',
  ]
}
