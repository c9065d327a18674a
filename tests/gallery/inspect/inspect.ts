import { findClipped, findOverflow } from './boxes'
import { lookAgain, textPieces } from './drawn'
import type { Allowance, Flaw, Report, Rule } from './flaw'
import { findPale } from './grounds'
import { findTargets, isInLine } from './targets'

/** Runs in the page: inspects everything drawn and returns the flaws. */
export function inspect(allowances: readonly Allowance[]): Report {
  lookAgain()
  // A moving element is inspected at the end of its animation.
  for (const animation of document.getAnimations()) animation.finish()
  const pieces = textPieces()
  const targets = findTargets()
  const allowed = new Set<string>()
  const granted = (rule: Rule, element: Element, cut?: Allowance['cut']): boolean => {
    const found = allowances.find(
      one => one.rule === rule && element.matches(one.selector) && (one.cut === undefined || one.cut === cut),
    )
    if (found) allowed.add(found.name)
    return found !== undefined
  }
  const flaws: Flaw[] = [
    ...findOverflow(pieces),
    ...findClipped(pieces).flatMap(({ cutBy, cut, ...flaw }) =>
      granted('clipped', cutBy, cut) ? [] : [flaw],
    ),
    ...targets.small.flatMap(({ element, ...flaw }) => {
      if (isInLine(element)) {
        allowed.add('link in a line')
        return []
      }
      return granted('target', element) ? [] : [flaw]
    }),
    ...findPale(pieces),
  ]
  // Twenty rows with the same fault count as one flaw.
  const seen = new Map<string, Flaw>()
  for (const flaw of flaws) {
    const key = `${flaw.rule} ${flaw.where}`
    if (!seen.has(key)) seen.set(key, { ...flaw, words: flaw.words.slice(0, 30) })
  }
  return {
    flaws: [...seen.values()],
    allowed: [...allowed],
    texts: pieces.length,
    targets: targets.count,
  }
}
