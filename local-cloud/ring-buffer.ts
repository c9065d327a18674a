/** Stores the last `size` items pushed. */
export class RingBuffer<T> {
  readonly #items: T[] = []
  #next = 0

  constructor(readonly size: number) {}

  push(item: T): void {
    this.#items[this.#next] = item
    this.#next = (this.#next + 1) % this.size
  }

  /** The latest `limit` items, oldest first. */
  latest(limit: number): T[] {
    const ordered =
      this.#items.length < this.size
        ? this.#items
        : [...this.#items.slice(this.#next), ...this.#items.slice(0, this.#next)]
    return limit > 0 ? ordered.slice(-limit) : []
  }
}
