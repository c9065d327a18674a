import { setMood } from '#contract/mood'
import { route, serve } from '../shared/serve'
import { setMoodHandler } from './set-mood'

export const main = serve([route(setMood, setMoodHandler)])
