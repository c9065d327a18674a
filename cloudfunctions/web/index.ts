import { answerEvent } from './answer-event'

export const main = answerEvent
