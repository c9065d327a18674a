/** What went wrong, read out at once by a screen reader. Draws nothing without words. */
export function Fault({ words }: { words: string }) {
  return words ? (
    <p className="console-bad" role="alert">
      {words}
    </p>
  ) : null
}
