import type { IPluginContext } from '@tarojs/service'

interface Asset {
  source(): string | Buffer
  size(): number
}

/**
 * Taro minifies templates with an HTML minifier, which knows `input` as a tag without an end and drops `</input>`.
 * WXML has no such tags: WeChat's compiler refuses the template. This closes them again.
 */
export default (context: IPluginContext): void => {
  context.modifyBuildAssets(({ assets }: { assets: Record<string, Asset> }) => {
    for (const [name, asset] of Object.entries(assets)) {
      if (!name.endsWith('.wxml')) continue
      const text = String(asset.source())
      const closed = text.replace(/<input\b((?:"[^"]*"|[^">])*)>(<\/input>)?/g, (tag, attributes: string) =>
        attributes.endsWith('/') ? tag : `<input${attributes}/>`,
      )
      if (closed !== text) {
        assets[name] = { source: () => closed, size: () => Buffer.byteLength(closed) }
      }
    }
  })
}
