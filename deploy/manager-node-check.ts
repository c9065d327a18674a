import type CloudBase from '@cloudbase/manager-node'
import type { CloudApi } from './cloud-api'

/** Compiles only if the package's class fits the interface that the steps are written against. */
export const fits = (api: CloudBase): CloudApi => api
