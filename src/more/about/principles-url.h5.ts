/** Web version of principles-url.ts. */
export { principlesAddress as principlesUrl } from '#contract/addresses'
