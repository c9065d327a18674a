import { pictureUrl } from '#platform/picture'
import { site, web } from '#site'

/** Where a visitor finds the mini-program: its code to scan or to press long, or its name to search for. */
export function MiniCode({ src = web.miniCode }: { src?: string }) {
  if (!src) return <p className="mini-code-words">{`微信搜一搜小程序「${site.name}」`}</p>
  return (
    <figure className="mini-code">
      <img
        className="mini-code-picture"
        src={pictureUrl(src)}
        width={120}
        height={120}
        alt={`${site.name}的小程序码`}
        loading="lazy"
      />
      <figcaption className="mini-code-words">微信扫码，或长按识别</figcaption>
    </figure>
  )
}

export const miniCode = <MiniCode />
