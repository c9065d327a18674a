import * as v from 'valibot'
import { type SizeStep, sizeSteps, type ThemeChoice, themeChoices } from './look-steps'
import { readStored, writeStored } from './storage'

/** The reader's choice of theme and text size. */
export interface LookChoice {
  theme: ThemeChoice
  size: SizeStep
}

/** The storage key; the web's head script reads it too (web/head.ts). */
export const lookKey = 'look'
const standard: LookChoice = { theme: 'system', size: 'standard' }

let choice: LookChoice | undefined

/** A value that this version does not know changes nothing. */
const Stored = v.object({
  theme: v.fallback(v.picklist(Object.keys(themeChoices) as ThemeChoice[]), () => (choice ?? standard).theme),
  size: v.fallback(v.picklist(Object.keys(sizeSteps) as SizeStep[]), () => (choice ?? standard).size),
})

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

/** Takes the choice that another page stored, if it differs. Updates every open page, as a choice here does. */
export function readLookAgain(): void {
  const stored = readStored(lookKey, Stored)
  if (!stored || (stored.theme === choice?.theme && stored.size === choice.size)) return
  choice = stored
  for (const listener of listeners) listener()
}

/** Calls the listener after every choice. Returns a function that unsubscribes it. */
export function onLookChoice(listener: () => void): () => void {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}
