import Taro from '@tarojs/taro'
import { useEffect, useState } from 'react'

/**
 * Counts from 0 to `last`, one step after each drawn update. So content below the first screen is sent after the first
 * screen, not with it. Restarts when `key` changes.
 */
export function useStages(key: string, last: number): number {
  const [stage, setStage] = useState({ key, at: 0 })
  const at = stage.key === key ? stage.at : 0
  useEffect(() => {
    if (at < last) Taro.nextTick(() => setStage({ key, at: at + 1 }))
  }, [key, at, last])
  return at
}
