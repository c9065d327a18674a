import Taro from '@tarojs/taro'
import { attempt } from './optional'

/** Tells when the phone is on a network again. Gives the function that stops it. */
export function onNetworkBack(listener: () => void): () => void {
  const changed = ({ isConnected }: { isConnected: boolean }) => {
    if (isConnected) listener()
  }
  attempt(() => Taro.onNetworkStatusChange(changed))
  return () => attempt(() => Taro.offNetworkStatusChange(changed))
}
