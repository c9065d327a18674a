import Taro from '@tarojs/taro'
import { ask } from './optional'

/** Asks the reader in a dialog. False when the reader declines, and where the phone cannot ask. */
export async function confirm(options: Taro.showModal.Option): Promise<boolean> {
  return (await ask(() => Taro.showModal(options)))?.confirm === true
}
