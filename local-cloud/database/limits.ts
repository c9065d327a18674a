/** Limits that the engine applies to every request. The README's table says how each differs from the real cloud. */

/** Maximum size of a document, in bytes of BSON. */
export const MAX_DOCUMENT_BYTES = 16 * 1024 * 1024
/**
 * Maximum nesting of objects and arrays in a document or a query. MongoDB allows 180 levels for BSON and 100 for its
 * queries.
 */
export const MAX_DEPTH = 100
/** Maximum number of documents that one `get` returns. The SDK never asks for more. */
export const MAX_LIMIT = 1000
export const DEFAULT_LIMIT = 100
/** A transaction expires after this many milliseconds. */
export const TRANSACTION_LIFE_MS = 30_000
/** Maximum time in milliseconds for one query with a regular expression, because it blocks the event loop. */
export const REGEX_BUDGET_MS = 500
/** PCRE's maximum length of a pattern, as MongoDB reports it. */
export const MAX_REGEX_LENGTH = 32_764
/** If an `$or` splits into more alternatives than this, the planner uses no index. */
export const MAX_PLAN_BRANCHES = 200
/** Maximum number of index ranges per query. An `$in` needs one range for each value. */
export const MAX_PLAN_SCANS = 5000
/** Maximum number of ranges that are merged in sort order. For more of them, collecting and sorting is cheaper. */
export const MAX_MERGED_SCANS = 50
/** A trial of plans ends after this many matches, or after this many documents examined per plan, as in MongoDB. */
export const TRIAL_RESULTS = 101
export const MAX_TRIAL_WORKS = 10_000
/** A cached plan is given up after this many times the documents it needed when it won, and not before this minimum. */
export const REPLAN_FACTOR = 10
export const REPLAN_AT_LEAST = 100
/** Maximum number of query shapes whose plan a collection caches. */
export const MAX_CACHED_PLANS = 1000
