import path from 'node:path'
import type { IPluginContext } from '@tarojs/service'
import components from './aria-attributes'

interface Platform {
  template: { mergeComponents(context: IPluginContext, components: unknown): void }
  runtimePath: string | string[]
}

/** Lets aria-* attributes reach the phone: adds one list to both Taro's templates and its runtime. */
export default (context: IPluginContext): void => {
  context.registerMethod({
    name: 'onSetupClose',
    fn(platform: Platform) {
      platform.template.mergeComponents(context, components)
      const runtime = path.resolve(__dirname, 'aria-runtime.js')
      platform.runtimePath = [platform.runtimePath, runtime].flat()
    },
  })
}
