import Taro from '@tarojs/taro'
import { attempt } from './optional'

/** Calls the listener when the phone is online again. Returns a function that unsubscribes it. */
export function onNetworkBack(listener: () => void): () => void {
  const changed = ({ isConnected }: { isConnected: boolean }) => {
    if (isConnected) listener()
  }
  attempt(() => Taro.onNetworkStatusChange(changed))
  return () => attempt(() => Taro.offNetworkStatusChange(changed))
}
