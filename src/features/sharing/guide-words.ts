import { type Guide, guideInWeChat } from './guide'

/** How to share a story from here. */
export const guideNow = (): Guide => guideInWeChat
