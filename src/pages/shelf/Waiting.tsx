/**
 * The phone reads its lists at once, so there is nothing to wait for. On the web see Waiting.h5.tsx: the server cannot
 * read the browser's storage.
 */
export function Waiting() {
  return null
}
