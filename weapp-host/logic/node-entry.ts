import type { Boot } from '../protocol'
import { createLogic } from './main'
import type { Evaluate } from './module-loader'
import type { Canvases } from './wx/api'

/** A Node host draws nothing: a page that asks for a canvas gets none. */
const noCanvases: Canvases = {
  find: () => Promise.resolve(null),
  offscreen: () => {
    throw new Error('createOffscreenCanvas: the Node host draws nothing')
  },
  toFile: () => Promise.reject(new Error('the Node host draws nothing')),
}

/** Called by the Node host with functions of its own realm; everything else crosses as text. */
function hostStart(bootText: string, send: (text: string) => void, evaluate: Evaluate) {
  const boot = JSON.parse(bootText) as Boot
  const logic = createLogic(boot, { evaluate, port: { send }, canvases: noCanvases })
  logic.start()
  return { receive: logic.receive }
}

Object.assign(globalThis, { hostStart })
