/** Calls the listener when the browser is online again. Returns a function that unsubscribes it. */
export function onNetworkBack(listener: () => void): () => void {
  addEventListener('online', listener)
  return () => removeEventListener('online', listener)
}
