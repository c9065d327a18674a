import type { Boot } from '../protocol'
import { createLogic } from './main'
import type { Evaluate } from './module-loader'
import type { Canvases } from './wx/api'

/** The Node host has no canvases. */
const noCanvases: Canvases = {
  find: () => Promise.resolve(null),
  offscreen: () => {
    throw new Error('createOffscreenCanvas: the Node host draws nothing')
  },
  toFile: () => Promise.reject(new Error('the Node host draws nothing')),
}

/** The Node host calls this with functions of its own realm. Everything else crosses as text. */
function hostStart(bootText: string, send: (text: string) => void, evaluate: Evaluate) {
  const boot = JSON.parse(bootText) as Boot
  const logic = createLogic(boot, { evaluate, port: { send }, canvases: noCanvases })
  logic.start()
  return { receive: logic.receive }
}

Object.assign(globalThis, { hostStart })
