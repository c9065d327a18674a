/** The parts of react-dom that the site uses. The package has no types of its own. */
declare module 'react-dom/server' {
  export function renderToString(element: import('react').ReactNode): string
}

declare module 'react-dom/client' {
  export function createRoot(container: Element): { render(element: import('react').ReactNode): void }
  export function hydrateRoot(
    container: Element,
    element: import('react').ReactNode,
    options?: { onRecoverableError?: (error: unknown) => void },
  ): unknown
}
