/** Tells when the browser is on a network again. Gives the function that stops it. */
export function onNetworkBack(listener: () => void): () => void {
  addEventListener('online', listener)
  return () => removeEventListener('online', listener)
}
