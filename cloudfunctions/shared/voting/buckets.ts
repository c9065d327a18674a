/**
 * Where a vote is counted in time: an hour for 24 小时, a Beijing calendar day for 7 天 and 30 天. Numbers since 1970,
 * as strings, because they are field names.
 */
const hour = 3_600_000
const day = 24 * hour
const beijingOffset = 8 * hour

/** Hours and days a shard keeps; older ones are pruned. */
export const hoursKept = 48
export const daysKept = 31

export const hourOf = (instant: number): number => Math.floor(instant / hour)

/** The Beijing calendar day, whatever the cloud's clock (it runs on UTC). */
export const dayOf = (instant: number): number => Math.floor((instant + beijingOffset) / day)

export const isLiveHour = (bucket: number, now: number): boolean => bucket > hourOf(now) - hoursKept
export const isLiveDay = (bucket: number, now: number): boolean => bucket > dayOf(now) - daysKept
