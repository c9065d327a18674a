import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import type { CloudApi } from './cloud-api'
import type { Secrets } from './secrets'
import type { Settings } from './settings'

const root = path.resolve(__dirname, '..')

/** Installs a package folder on first use, exactly as its lock file says and without install scripts. */
export function install(name: string, report: (line: string) => void): NodeJS.Require {
  const folder = path.join(root, name)
  if (!existsSync(path.join(folder, 'node_modules'))) {
    report(`installing ${name} (once) …`)
    execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
      shell: process.platform === 'win32',
    })
  }
  return createRequire(path.join(folder, 'package.json'))
}

/** Opens the environment of the settings. Makes no request. `load` gives the packages of a folder. */
export function connect(
  secrets: Secrets,
  { envId, region }: Pick<Settings, 'envId' | 'region'>,
  report: (line: string) => void,
  load: (folder: string, report: (line: string) => void) => (name: string) => unknown = install,
): CloudApi {
  const manager = load('deploy', report)('@cloudbase/manager-node') as new (config: object) => CloudApi
  return new manager({ ...secrets.account, envId, region })
}
