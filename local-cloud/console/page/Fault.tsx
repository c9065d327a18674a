/** Shows an error message, which screen readers announce at once. Draws nothing if it is empty. */
export function Fault({ words }: { words: string }) {
  return words ? (
    <p className="console-bad" role="alert">
      {words}
    </p>
  ) : null
}
