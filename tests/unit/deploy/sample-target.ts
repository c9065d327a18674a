import { writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Target } from '../../../deploy/target'

const functionOf = (folder: string, name: string, more: object = {}) => ({
  name,
  folder,
  digest: `digest-of-${name}`,
  runtime: 'Nodejs18.15',
  memory: 256,
  timeout: 5,
  variables: {},
  triggers: [],
  openapi: [],
  ...more,
})

/** A small target whose two files lie in the folder. */
export function sampleTarget(folder: string): Target {
  writeFileSync(path.join(folder, 'a.js'), 'a')
  writeFileSync(path.join(folder, 'b.css'), 'b')
  const feed = {
    name: 'feed',
    fields: [
      { field: 'state', direction: 1 as const },
      { field: 'publishedAt', direction: -1 as const },
    ],
    unique: false,
  }
  return {
    collections: [
      { name: 'articles', rule: 'ADMINONLY', indexes: [feed] },
      { name: 'votes', rule: 'ADMINONLY', indexes: [] },
    ],
    functionRule: { '*': { invoke: false }, content: { invoke: true } },
    storageRule: { read: true, write: false },
    models: [{ name: 'drafts', title: '稿件', schema: { title: '稿件', properties: {} }, digest: '' }],
    functions: [
      functionOf(folder, 'clock', {
        timeout: 60,
        triggers: [{ name: 'tick', type: 'timer', config: '0 */2 * * * * *' }],
      }),
      functionOf(folder, 'editor', { variables: { EDITOR_KEYS: '{"secret":"of an editor"}' } }),
    ],
    routes: [
      {
        Path: '/',
        UpstreamResourceType: 'SCF',
        UpstreamResourceName: 'web',
        EnablePathTransmission: true,
        EnableAuth: false,
        EnableSafeDomain: false,
      },
    ],
    hosting: {
      folder,
      // MD5 of the two files.
      files: { 'a.js': '0cc175b9c0f1b6a831c399e269772661', 'b.css': '92eb5ffee6ae2fec3ad71c777531578f' },
    },
    app: { appid: 'wx0', folder, version: '1.0.0', robot: 1, digest: 'digest-of-app' },
  }
}
