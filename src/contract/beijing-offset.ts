/**
 * Milliseconds that Beijing is ahead of UTC, all year. Fixed arithmetic on purpose: WeChat for Android has no `Intl`,
 * and neither the phone's nor the cloud's time zone may change what a story says.
 */
export const beijingOffset = 8 * 3_600_000
