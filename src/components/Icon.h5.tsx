import type { IconProps } from './Icon'
import './Icon.scss'

/** Web version of Icon.tsx: it also stands within a button, where HTML allows no block. */
export function Icon({ name }: IconProps) {
  return <i className={`icon icon-${name}`} aria-hidden />
}
