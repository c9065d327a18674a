import type { FunctionRule, Index, Route, State, StorageRule, Trigger } from './state'
import { canonicalJson, digestOf } from './state'
import type { Model, Target, TargetFunction } from './target'

/** Parts of a deployment that `--only` can choose. */
export const parts = ['rules', 'functions', 'web', 'app'] as const
export type Part = (typeof parts)[number]

/** One change of the environment. Each is idempotent: doing it twice leaves what doing it once leaves. */
export type Step =
  | { do: 'create-collection'; name: string }
  | { do: 'set-collection-rule'; name: string; rule: string }
  | { do: 'drop-index'; collection: string; index: string }
  | { do: 'create-index'; collection: string; index: Index }
  | { do: 'set-function-rule'; rule: FunctionRule }
  | { do: 'set-storage-rule'; rule: StorageRule }
  | { do: 'create-model'; model: Model }
  | { do: 'update-model'; model: Model; id: string }
  | { do: 'create-function'; function: TargetFunction }
  | { do: 'update-code'; function: TargetFunction }
  /** `variables` holds all of the function's: the platform replaces the whole set. `added` names those that change. */
  | {
      do: 'configure-function'
      name: string
      memory: number
      timeout: number
      description: string
      variables: Record<string, string>
      added: string[]
    }
  /** Publishes what was uploaded and configured as a version. */
  | { do: 'publish-version'; function: string; mark: string }
  /** Leads callers to a version: the newest with this mark, or the given one. */
  | { do: 'release'; function: string; mark?: string; version?: string }
  | { do: 'remove-trigger'; function: string; trigger: string }
  | { do: 'create-trigger'; function: string; trigger: Trigger }
  | { do: 'create-route' | 'update-route'; route: Route }
  | { do: 'enable-hosting' }
  /** Without `files` the site is not built, so that the step cannot be taken. */
  | { do: 'upload-files'; files?: string[] }
  | { do: 'upload-app'; digest: string }

export interface Plan {
  steps: Step[]
  /** Obstacles that no step can remove. */
  blockers: string[]
}

/** The mark in a function's description that names its code. */
export const codeMark = (digest: string): string => `kepu-cloud sha256:${digest}`

/** The mark of a published version: its code, and the configuration that it was published with. */
export const versionMark = (
  digest: string,
  configuration: { memory: number; timeout: number; variables: Record<string, string> },
): string => `${codeMark(digest)} config:${digestOf(canonicalJson(configuration)).slice(0, 12)}`

/** The deployment that published a version. */
const releaseOf = (description: string): string => / release:(\S+)$/.exec(description)?.[1] ?? ''

/** What a published version's description says: its mark, and the time of its deployment. */
export const describeVersion = (mark: string, release: string): string => `${mark} release:${release}`

const sameIndex = (a: Index, b: Index): boolean =>
  canonicalJson([a.fields, a.unique]) === canonicalJson([b.fields, b.unique])

function planRules(target: Target, state: State): Step[] {
  const steps: Step[] = []
  const existing = new Map(state.collections.map(one => [one.name, one]))
  for (const { name, rule } of target.collections) {
    if (!existing.has(name)) steps.push({ do: 'create-collection', name })
    if (existing.get(name)?.rule !== rule) steps.push({ do: 'set-collection-rule', name, rule })
  }
  // Rules of functions that are not ours stay.
  const functionRule = { ...state.functionRule, ...target.functionRule }
  if (canonicalJson(functionRule) !== canonicalJson(state.functionRule)) {
    steps.push({ do: 'set-function-rule', rule: functionRule })
  }
  if (canonicalJson(target.storageRule) !== canonicalJson(state.storageRule)) {
    steps.push({ do: 'set-storage-rule', rule: target.storageRule })
  }
  for (const { name, indexes } of target.collections) {
    const there = new Map(existing.get(name)?.indexes.map(index => [index.name, index]))
    for (const index of indexes) {
      const known = there.get(index.name)
      if (known && sameIndex(known, index)) continue
      if (known) steps.push({ do: 'drop-index', collection: name, index: index.name })
      steps.push({ do: 'create-index', collection: name, index })
    }
  }
  for (const model of target.models) {
    const known = state.models.find(({ name }) => name === model.name)
    if (!known) steps.push({ do: 'create-model', model })
    else if (known.digest !== model.digest) steps.push({ do: 'update-model', model, id: known.id })
  }
  return steps
}

function planFunction(wanted: TargetFunction, state: State): Step[] {
  const known = state.functions.find(({ name }) => name === wanted.name)
  const description = codeMark(wanted.digest)
  const variables = { ...known?.variables, ...wanted.variables }
  const added = Object.keys(wanted.variables).filter(key => known?.variables[key] !== wanted.variables[key])
  const configure: Step = {
    do: 'configure-function',
    name: wanted.name,
    memory: wanted.memory,
    timeout: wanted.timeout,
    description,
    variables,
    added,
  }
  const steps: Step[] = []
  if (!known) steps.push({ do: 'create-function', function: wanted })
  else if (known.description !== description) steps.push({ do: 'update-code', function: wanted })
  const isConfigured =
    known?.description === description &&
    known.memory === wanted.memory &&
    known.timeout === wanted.timeout &&
    added.length === 0
  // The description says which code is there. It is written last, so that an interrupted upload is repeated.
  if (!isConfigured) steps.push(configure)
  const { memory, timeout, name } = wanted
  const mark = versionMark(wanted.digest, { memory, timeout, variables })
  const published = known?.versions.findLast(one => one.description.startsWith(`${mark} `))
  if (!published) steps.push({ do: 'publish-version', function: name, mark })
  if (!published || known?.serving !== published.version) steps.push({ do: 'release', function: name, mark })
  const triggers = new Map(known?.triggers.map(trigger => [trigger.name, trigger]))
  for (const trigger of wanted.triggers) {
    const there = triggers.get(trigger.name)
    if (there?.config === trigger.config) continue
    if (there) steps.push({ do: 'remove-trigger', function: wanted.name, trigger: trigger.name })
    steps.push({ do: 'create-trigger', function: wanted.name, trigger })
  }
  return steps
}

function planWeb(target: Target, state: State): Step[] {
  const steps: Step[] = []
  if (!state.hosting.enabled) steps.push({ do: 'enable-hosting' })
  const { files: wanted } = target.hosting
  const files = Object.keys(wanted ?? {}).filter(file => state.hosting.files[file] !== wanted?.[file])
  if (wanted === null) steps.push({ do: 'upload-files' })
  else if (files.length > 0) steps.push({ do: 'upload-files', files })
  for (const route of target.routes) {
    const known = state.routes.find(({ Path }) => Path === route.Path)
    if (!known) steps.push({ do: 'create-route', route })
    else if (canonicalJson(known) !== canonicalJson(route)) steps.push({ do: 'update-route', route })
  }
  return steps
}

/**
 * The steps from what is in an environment to what should be, in order. A pure function: the same arguments give the
 * same plan. Rules come before functions, because until a rule exists every reader may call every function.
 */
export function planDeployment(target: Target, state: State, chosen: readonly Part[] = parts): Plan {
  const blockers = state.usesOpa
    ? [
        'The environment decides access by OPA (authz_engine=opa): it ignores the function rules of cloudfunctions/rules. Every reader could call editor and clock. Use another environment.',
      ]
    : []
  for (const { name, runtime } of target.functions) {
    const known = state.functions.find(one => one.name === name)
    if (known && known.runtime !== runtime) {
      blockers.push(
        `The function ${name} runs on ${known.runtime}, not on ${runtime}. A runtime cannot be changed: delete the function in the console, then deploy again.`,
      )
    }
  }
  const rules = planRules(target, state)
  const steps: Step[] = []
  if (chosen.includes('rules')) steps.push(...rules)
  if (chosen.includes('functions')) {
    const access = rules.filter(step => step.do === 'set-function-rule')
    // Even alone, functions never come without their rule.
    if (!chosen.includes('rules')) steps.push(...access)
    steps.push(...target.functions.flatMap(wanted => planFunction(wanted, state)))
  }
  if (chosen.includes('web')) steps.push(...planWeb(target, state))
  if (chosen.includes('app') && state.app !== target.app.digest) {
    steps.push({ do: 'upload-app', digest: target.app.digest })
  }
  return { steps, blockers }
}

/**
 * The steps back to before the last deployment of functions: each function that it released goes back to the version
 * before. The others stay. A pure function.
 */
export function planRollback(names: readonly string[], state: State): Plan {
  const ours = state.functions.filter(({ name }) => names.includes(name))
  const served = ours.flatMap(({ name, versions, serving }) => {
    const at = versions.findIndex(({ version }) => version === serving)
    const current = versions[at]
    return current ? [{ name, release: releaseOf(current.description), before: versions[at - 1] }] : []
  })
  const last =
    served
      .map(({ release }) => release)
      .sort()
      .at(-1) ?? ''
  if (last === '') return { steps: [], blockers: ['No function was published as a version yet.'] }
  const steps: Step[] = []
  const blockers: string[] = []
  for (const { name, release, before } of served) {
    if (release !== last) continue
    if (before) steps.push({ do: 'release', function: name, version: before.version })
    else blockers.push(`The function ${name} has no version before the one of ${last}.`)
  }
  return { steps, blockers }
}

/** A step in one line, without the values of variables. */
export function describeStep(step: Step): string {
  switch (step.do) {
    case 'create-collection':
      return `create the collection ${step.name}`
    case 'set-collection-rule':
      return `set the rule of the collection ${step.name} to ${step.rule}`
    case 'drop-index':
      return `drop the index ${step.index} of ${step.collection}, which has other fields`
    case 'create-index':
      return `create the index ${step.index.name} of ${step.collection}: ${step.index.fields
        .map(({ field, direction }) => `${field} ${direction === 1 ? '↑' : '↓'}`)
        .join(', ')}${step.index.unique ? ', unique' : ''}`
    case 'set-function-rule': {
      const open = Object.entries(step.rule).filter(([, { invoke }]) => invoke !== false)
      return `set the function rules: clients may call ${open.map(([name]) => name).join(', ') || 'none'}`
    }
    case 'set-storage-rule':
      return `set the storage rule: read ${step.rule.read}, write ${step.rule.write}`
    case 'create-model':
      return `create the data model ${step.model.name} (${step.model.title})`
    case 'update-model':
      return `update the data model ${step.model.name} (${step.model.title})`
    case 'create-function':
      return `create the function ${step.function.name} on ${step.function.runtime}`
    case 'update-code':
      return `upload the code of the function ${step.function.name}`
    case 'configure-function':
      return `configure the function ${step.name}: ${step.memory} MB, ${step.timeout} s${
        step.added.length > 0 ? `, set ${step.added.join(', ')}` : ''
      }`
    case 'publish-version':
      return `publish the function ${step.function} as a version`
    case 'release':
      return step.version === undefined
        ? `lead callers of ${step.function} to that version`
        : `lead callers of ${step.function} back to its version ${step.version}`
    case 'remove-trigger':
      return `remove the timer ${step.trigger} of ${step.function}, which has another rhythm`
    case 'create-trigger':
      return `create the timer ${step.trigger.name} of ${step.function}: ${step.trigger.config}`
    case 'create-route':
      return `create the HTTP route ${step.route.Path} to ${step.route.UpstreamResourceName}`
    case 'update-route':
      return `update the HTTP route ${step.route.Path} to ${step.route.UpstreamResourceName}`
    case 'enable-hosting':
      return 'enable static hosting'
    case 'upload-files':
      return `upload ${step.files?.length ?? 'the'} files of the web edition`
    case 'upload-app':
      return 'upload the mini-program'
  }
}
