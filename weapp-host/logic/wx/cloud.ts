import type { Json } from '../../protocol'
import {
  ApiFailure,
  asJson,
  asynchronous,
  type Ground,
  messageOf,
  type Options,
  reportsFailure,
  textOf,
  type Wx,
} from './api'

/** The message of an offline phone (wx.request), the same on iOS and Android. */
const noNetwork = 'errcode:-106 cronet_error_code:-106 error_msg:net::ERR_INTERNET_DISCONNECTED'

/** `wx.request`, downloads and `wx.cloud`. All of them go through the host. */
export function networkApis(ground: Ground): Wx {
  function checkNetwork(): void {
    if (!ground.device().online) throw new ApiFailure(noNetwork)
  }

  function task(
    name: string,
    send: (options: Options) => Json,
    read: (reply: Json) => Record<string, unknown>,
  ) {
    return reportsFailure((options: Options = {}) => {
      let abort: () => void = () => undefined
      // It returns a task object even without callbacks: wx.request has no promise form.
      void asynchronous(name, async () => {
        checkNetwork()
        const sent = ground.fetch(name, send(options))
        abort = sent.abort
        return read(await sent.reply)
      })({ ...options, complete: options.complete ?? (() => undefined) })
      return { abort: () => abort(), onProgressUpdate() {}, onHeadersReceived() {}, onChunkReceived() {} }
    })
  }

  /** A call of `wx.cloud`: `name` is used in messages, `fetchName` is the host's name for it. */
  const cloudCall = (name: string, fetchName: string, read: (reply: Json) => Record<string, unknown>) => {
    let nextId = 1
    return (options: Options = {}) => {
      const run = async (): Promise<Record<string, unknown>> => {
        await Promise.resolve()
        try {
          checkNetwork()
          const reply = await ground.fetch(fetchName, asJson({ ...options })).reply
          return { errMsg: `${name}:ok`, requestID: `local-${nextId++}`, ...read(reply) }
        } catch (error) {
          const code = error instanceof ApiFailure ? (error.code ?? -1) : -1
          // The SDK of wx.cloud rejects with an Error that carries errCode and errMsg.
          const errMsg = `${name}:fail Error: errCode: ${code} | errMsg: ${messageOf(error)}`
          throw Object.assign(new Error(errMsg), { errCode: code, errMsg })
        }
      }
      const answer = run()
      if (!options.success && !options.fail && !options.complete) return answer
      answer.then(
        result => {
          options.success?.(result)
          options.complete?.(result)
        },
        error => {
          options.fail?.(error)
          options.complete?.(error)
        },
      )
      return undefined
    }
  }

  let started = false
  const needsInit = <A extends unknown[], R>(call: (...args: A) => R) =>
    reportsFailure((...args: A): R => {
      if (!started) throw new Error('Cloud API isn’t enabled, please call wx.cloud.init first')
      return call(...args)
    })

  const fields = (reply: Json): Record<string, unknown> =>
    typeof reply === 'object' && reply !== null && !Array.isArray(reply) ? reply : {}

  return {
    request: task(
      'request',
      ({ url, method, data, header, timeout, dataType, responseType }) =>
        asJson({ url, method, data, header, timeout, dataType, responseType }),
      fields,
    ),
    downloadFile: task('downloadFile', ({ url }) => asJson({ url }), fields),
    getImageInfo: asynchronous('getImageInfo', async options => {
      checkNetwork()
      return fields(await ground.ask('image-info', { src: textOf(options, 'src') ?? '' }))
    }),
    cloud: {
      init: () => {
        started = true
      },
      callFunction: needsInit(cloudCall('cloud.callFunction', 'call-function', result => ({ result }))),
      getTempFileURL: needsInit(cloudCall('cloud.getTempFileURL', 'temp-file-url', fields)),
      downloadFile: needsInit(cloudCall('cloud.downloadFile', 'download-file', fields)),
    },
  }
}
