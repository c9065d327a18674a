/** Bounds the engine holds every request to. The README's table says how each differs from the real cloud. */

/** Bytes of a document as BSON. */
export const MAX_DOCUMENT_BYTES = 16 * 1024 * 1024
/** Levels of objects and arrays in a document or a query. MongoDB allows 180 for BSON and 100 for its queries. */
export const MAX_DEPTH = 100
/** Documents a single `get` returns; the SDK asks for no more either. */
export const MAX_LIMIT = 1000
export const DEFAULT_LIMIT = 100
/** A transaction not ended after this many milliseconds is gone. */
export const TRANSACTION_LIFE_MS = 30_000
/** Milliseconds that one query holding a regular expression may take: it runs on the event loop. */
export const REGEX_BUDGET_MS = 500
/** PCRE's limit on a pattern's length, as MongoDB reports it. */
export const MAX_REGEX_LENGTH = 32_764
/** Alternatives an `$or` may be split into before the planner gives up on indexes. */
export const MAX_PLAN_BRANCHES = 200
/** Ranges of an index one query may walk: an `$in` walks one for each value. */
export const MAX_PLAN_SCANS = 5000
/** Ranges merged in sort order; with more of them, collecting and sorting is cheaper. */
export const MAX_MERGED_SCANS = 50
/** Matches after which a trial of plans is decided, and documents each may look at for it, as in MongoDB. */
export const TRIAL_RESULTS = 101
export const MAX_TRIAL_WORKS = 10_000
/** A plan from the cache is given up after this many times the documents that it took to win, or at least so many. */
export const REPLAN_FACTOR = 10
export const REPLAN_AT_LEAST = 100
/** Shapes of query whose plan a collection remembers. */
export const MAX_CACHED_PLANS = 1000
