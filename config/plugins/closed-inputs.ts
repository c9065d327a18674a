import type { IPluginContext } from '@tarojs/service'

interface Asset {
  source(): string | Buffer
  size(): number
}

/**
 * Taro minifies templates with an HTML minifier, which treats `input` as a void element and drops `</input>`. WXML has no
 * void elements, so WeChat's compiler rejects the template. This plugin closes the tags again.
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
