import * as v from 'valibot'
import { type SizeStep, sizeSteps, type ThemeChoice, themeChoices } from './look-steps'
import { readStored, writeStored } from './storage'

/** The reader's choice of theme and text size. */
export interface LookChoice {
  theme: ThemeChoice
  size: SizeStep
}

const Stored = v.object({
  theme: v.fallback(v.picklist(Object.keys(themeChoices) as ThemeChoice[]), 'system'),
  size: v.fallback(v.picklist(Object.keys(sizeSteps) as SizeStep[]), 'standard'),
})

/** The storage key; the web's head script reads it too (web/head.ts). */
export const lookKey = 'look'
const standard: LookChoice = { theme: 'system', size: 'standard' }

let choice: LookChoice | undefined
const listeners = new Set<() => void>()

/** Returns the reader's choice; by default the system's theme and the standard size. */
export function lookChoice(): LookChoice {
  choice ??= readStored(lookKey, Stored)
  return choice ?? standard
}

/** Chooses a theme or a size. Stores it on the phone and updates every open page at once. */
export function chooseLook(change: Partial<LookChoice>): void {
  choice = { ...lookChoice(), ...change }
  writeStored(lookKey, choice)
  for (const listener of listeners) listener()
}

/** Takes the choice that another page stored. Updates every open page, as a choice here does. */
export function readLookAgain(): void {
  choice = readStored(lookKey, Stored)
  for (const listener of listeners) listener()
}

/** Calls the listener after every choice. Returns a function that unsubscribes it. */
export function onLookChoice(listener: () => void): () => void {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}
