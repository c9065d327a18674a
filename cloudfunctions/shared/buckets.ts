import { dayOf } from './beijing-time'

/**
 * Where a vote is counted in time: an hour for 24 小时, a Beijing calendar day for 7 天 and 30 天. Buckets are numbers of
 * hours or days since 1970; a row holds them as strings, because they are field names.
 */
const hour = 3_600_000

/** How many hours and days a shard keeps; older ones are pruned. */
export const hoursKept = 48
export const daysKept = 31

export const hourOf = (instant: number): number => Math.floor(instant / hour)

export const isLiveHour = (bucket: number, now: number): boolean => bucket > hourOf(now) - hoursKept
export const isLiveDay = (bucket: number, now: number): boolean => bucket > dayOf(now) - daysKept
