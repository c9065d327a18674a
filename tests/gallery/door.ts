import { type Cloud, CloudRefusal } from '../../weapp-host/cloud-door'
import type { CloudProcess, Reader } from '../support/local-cloud'
import { phoneCloud } from '../weapp/phone-cloud'

/** What happens to a call instead of its normal reply. `held`: no reply ever comes; `lost`: the network fails. */
type Fate = 'held' | 'lost' | 'broken' | { data: unknown }

/** A phone's connection to the cloud that a test controls: by action, calls are held, lost or answered. */
export class Door implements Cloud {
  private readonly fates = new Map<string, Fate>()
  private self: Promise<Cloud>
  /** Where the phone finds the pictures of stories. The site that its build names does not exist. */
  pictures = ''

  constructor(private readonly cloud: CloudProcess) {
    this.self = phoneCloud(cloud)
  }

  /** Gives the phone to another reader and removes all fates. */
  async reset(as: 'reader' | 'guest'): Promise<void> {
    this.fates.clear()
    const reader: Reader | undefined = as === 'guest' ? await this.cloud.guest() : undefined
    this.self = phoneCloud(this.cloud, reader)
  }

  /** Sets the fate of all calls of an action; `*` means every action. */
  set(action: string, fate: Fate): void {
    this.fates.set(action, fate)
  }

  clear(): void {
    this.fates.clear()
  }

  async callFunction(
    ...[name, event, caller]: Parameters<Cloud['callFunction']>
  ): ReturnType<Cloud['callFunction']> {
    const { action } = event as { action: string }
    const fate = this.fates.get(action) ?? this.fates.get('*')
    if (fate === 'held') return new Promise(() => undefined)
    if (fate === 'lost') throw new CloudRefusal(-1, 'request:fail')
    if (fate === 'broken')
      return { ok: false, error: { code: 'internal', message: 'broken for the gallery' } }
    if (fate) return { ok: true, data: fate.data }
    const reply = await (await this.self).callFunction(name, event, caller)
    return JSON.parse(
      JSON.stringify(reply).replaceAll('"/pictures/', `"${this.pictures}/pictures/`),
    ) as typeof reply
  }
}
