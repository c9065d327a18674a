import type tcb from '@cloudbase/node-sdk'
import type { NodeSdk } from './documents'

/** Compiles only if the package fits the interface that documents.ts is written against. */
export const fits = (sdk: typeof tcb): NodeSdk => sdk
