import { measurePackages } from '../measure'
import type { Problem } from './problem'

const megabyte = 1024 * 1024
/**
 * WeChat's size limits for one package and for all together (WeChat docs, 分包加载, 使用分包: 整个小程序所有分包大小不超过 30M, 单个不超过 2M).
 */
const packageLimit = 2 * megabyte
const totalLimit = 30 * megabyte

/** Packages that WeChat refuses because of their size. Our own, much lower marks are checked by budgets.test.ts. */
export function checkPackages(dist: string): Problem[] {
  const sizes = Object.entries(measurePackages(dist)).map(([name, { bytes }]) => ({ name, bytes }))
  const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0)
  return [
    ...sizes.map(one => ({ ...one, limit: packageLimit })),
    { name: 'all', bytes: total, limit: totalLimit },
  ]
    .filter(({ bytes, limit }) => bytes > limit)
    .map(({ name, bytes, limit }) => ({
      file: 'app.json',
      message: `package ${name} has ${bytes} bytes, more than ${limit}`,
    }))
}
