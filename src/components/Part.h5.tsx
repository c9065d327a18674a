import type { ReactNode } from 'react'
import { Part as BoundedPart } from './Part'

type Draws = (part: ReactNode) => boolean
let draws: Draws | undefined

/** React ignores error boundaries on the server. After a failed rendering, `check` tells which parts can be rendered. */
export function checkParts(check: Draws | undefined): void {
  draws = check
}

/** As in Part.tsx; on the server it also leaves out a part that the check refuses. */
export class Part extends BoundedPart {
  override render() {
    return draws?.(this.props.children) === false ? null : super.render()
  }
}
