/** The phone's own lists are read at once: see Waiting.h5.tsx for the web, whose server knows no phone. */
export function Waiting() {
  return null
}
