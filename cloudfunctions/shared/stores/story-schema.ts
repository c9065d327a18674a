/**
 * The schema of a story's documents (`articles`, and the content of `versions`). Documents without one have schema 1. The
 * README says when and how to raise it: first `newest`, and in a later deployment `written`.
 */
export const storySchema = {
  /** The newest one that this code reads. */
  newest: 1,
  /** The one that it writes. */
  written: 1,
} as const
