import Taro from '@tarojs/taro'

/** Tells when the phone is on a network again. Gives the function that stops it. */
export function onNetworkBack(listener: () => void): () => void {
  const changed = ({ isConnected }: { isConnected: boolean }) => {
    if (isConnected) listener()
  }
  Taro.onNetworkStatusChange(changed)
  return () => Taro.offNetworkStatusChange(changed)
}
