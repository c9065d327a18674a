import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

/**
 * Texts of one line each that wait, in parts of a certain length. All but the last part wait in a temporary file, so that many texts do
 * not fill the memory. Close it when done.
 */
export class WaitingTexts {
  /** The sizes (bytes) of the parts in the file, in order. */
  private readonly sizes: number[] = []
  private file: { folder: string; descriptor: number } | null = null
  private last: string[] = []
  private length = 0

  constructor(private readonly partLength: number) {}

  add(text: string): void {
    if (this.length > 0 && this.length + text.length > this.partLength) this.putAside()
    this.last.push(text)
    this.length += text.length
  }

  private putAside(): void {
    if (this.file === null) {
      const folder = mkdtempSync(path.join(tmpdir(), 'waiting-'))
      this.file = { folder, descriptor: openSync(path.join(folder, 'texts'), 'w+') }
    }
    const part = Buffer.from(this.last.join('\n'))
    writeFileSync(this.file.descriptor, part)
    this.sizes.push(part.length)
    this.last = []
    this.length = 0
  }

  *parts(): Generator<string[]> {
    let from = 0
    for (const size of this.file ? this.sizes : []) {
      const part = Buffer.alloc(size)
      readSync((this.file as { descriptor: number }).descriptor, part, 0, size, from)
      from += size
      yield part.toString().split('\n')
    }
    if (this.last.length > 0) yield this.last
  }

  close(): void {
    if (this.file === null) return
    closeSync(this.file.descriptor)
    rmSync(this.file.folder, { recursive: true, force: true })
    this.file = null
  }
}
