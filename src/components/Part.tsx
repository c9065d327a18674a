import { Component, type ReactNode } from 'react'

/** A part of a page. If it throws while rendering, the page is shown without it. */
export class Part extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false }

  static getDerivedStateFromError() {
    return { failed: true }
  }

  override render() {
    return this.state.failed ? null : this.props.children
  }
}
