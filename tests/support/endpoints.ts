import { readdirSync } from 'node:fs'
import path from 'node:path'
import type { Endpoint } from '#contract/endpoint'

const folder = path.resolve(__dirname, '../../src/contract')

const isEndpoint = (value: unknown): value is Endpoint =>
  typeof value === 'object' && value !== null && 'name' in value && 'input' in value && 'output' in value

/** Every endpoint that the contract declares, by its name. */
export function contractEndpoints(): Map<string, Endpoint> {
  const found = new Map<string, Endpoint>()
  for (const file of readdirSync(folder)) {
    const exported = require(path.join(folder, file)) as Record<string, unknown>
    for (const value of Object.values(exported)) if (isEndpoint(value)) found.set(value.name, value)
  }
  return found
}
