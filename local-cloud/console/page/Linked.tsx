/** A text with its web addresses as links, so that a preview opens from here. */
export function Linked({ text }: { text: string }) {
  return text.split(/(https?:\/\/\S+|\/preview\?\S+)/).map((part, index) =>
    index % 2 === 1 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: a text does not change
      <a key={index} href={part} target="_blank" rel="noreferrer">
        {part}
      </a>
    ) : (
      part
    ),
  )
}
