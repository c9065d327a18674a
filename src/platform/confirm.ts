import Taro from '@tarojs/taro'
import { ask } from './optional'

/** Asks the reader in a dialog. False if the reader declines or the phone cannot show a dialog. */
export async function confirm(options: Taro.showModal.Option): Promise<boolean> {
  return (await ask(() => Taro.showModal(options)))?.confirm === true
}
