import { dayOf } from './beijing-time'

/**
 * The buckets of time in which votes are counted: hours for 24 小时, Beijing calendar days for 7 天 and 30 天. A bucket is
 * the number of hours or days since 1970. Rows hold it as a string, because it is a field name.
 */
const hour = 3_600_000

/** How many hours and days a shard keeps; older ones are pruned. */
export const hoursKept = 48
export const daysKept = 31

export const hourOf = (instant: number): number => Math.floor(instant / hour)

export const isLiveHour = (bucket: number, now: number): boolean => bucket > hourOf(now) - hoursKept
export const isLiveDay = (bucket: number, now: number): boolean => bucket > dayOf(now) - daysKept
