import { Component, type ReactNode } from 'react'
import { messageOf } from './api'

interface FormBoundaryProps {
  children: ReactNode
}

/** Shows a message in place of a form that cannot be drawn. The rest of the page stays, with its buttons. */
export class FormBoundary extends Component<FormBoundaryProps, { fault: string | null }> {
  override state = { fault: null }

  static getDerivedStateFromError(error: unknown): { fault: string } {
    return { fault: messageOf(error) }
  }

  override render(): ReactNode {
    const { fault } = this.state
    return fault === null ? (
      this.props.children
    ) : (
      <div className="console-box console-bad" role="alert">
        <p>这一行里有表单画不出来的内容，表单没有改它。请按“原始数据”看一看，或返回列表。原因：{fault}</p>
      </div>
    )
  }
}
