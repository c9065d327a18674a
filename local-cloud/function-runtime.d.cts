import type { InstanceMessage } from './instance-threads'

interface Built {
  folder: string
  functionName: string
  /** MB */
  memory: number
  envId: string
}

interface World {
  process?: object
  names?: Record<string, unknown>
  modules?: Record<string, unknown>
  read?: (file: string) => string
}

export function describe(error: unknown): { name: string; message: string; stack: string }

export function startFunction(
  built: Built,
  env: Record<string, string | undefined>,
  tell: (message: InstanceMessage) => void,
  world?: World,
): (job: object) => Promise<void>
