import { Component, type ReactNode } from 'react'

type Draws = (part: ReactNode) => boolean
let draws: Draws | undefined

/** React ignores error boundaries on the server. After a failed rendering, `check` tells which parts can be rendered. */
export function checkParts(check: Draws | undefined): void {
  draws = check
}

/** As in Part.tsx. */
export class Part extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false }

  static getDerivedStateFromError() {
    return { failed: true }
  }

  override render() {
    const { children } = this.props
    return this.state.failed || draws?.(children) === false ? null : children
  }
}
