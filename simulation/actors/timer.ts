import type { World } from '../world'

const caller = { actor: 'timer', openid: null, source: 'wx_trigger' } as const

/** The platform's timer fires. Returns whether the tick did all its work. */
export async function fireTimer(world: World): Promise<boolean> {
  const event = { Type: 'Timer', TriggerName: 'tick', Time: '', Message: '' }
  const { text } = await world.call(caller, 'clock', event)
  const reply = text === null ? null : (JSON.parse(text) as { ok?: unknown })
  return reply?.ok === true
}

/** Fires the timer in a round: on time or late, and sometimes again while it runs. */
export async function runTimer(world: World, ticks: number): Promise<void> {
  const chance = world.stream(`timer ${world.step()}`)
  for (let tick = 0; tick < ticks && !world.isOver(); tick++) {
    await world.pause('timer', chance.pick([0, 5, 50, 400, 1_500]))
    const fired = [fireTimer(world)]
    if (world.luck.strikes('overlapping')) {
      await world.pause('timer', world.luck.of('overlapping').pick([0, 1, 10, 60]))
      fired.push(fireTimer(world))
    }
    await Promise.all(fired)
  }
}
