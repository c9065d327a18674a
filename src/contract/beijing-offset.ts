/**
 * Milliseconds that Beijing is ahead of UTC, all year. Fixed on purpose: WeChat for Android has no `Intl`, and the time
 * zone of the phone or cloud must not change the times shown.
 */
export const beijingOffset = 8 * 3_600_000
