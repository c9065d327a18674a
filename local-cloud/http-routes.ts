import * as v from 'valibot'
import { readFile } from './rules'

/** Path segments that the HTTP access service accepts: no wildcards, at most 50 characters [CB service/routes]. */
const routePath = /^\/$|^(?:\/[A-Za-z0-9._-]{1,50})+$/

/** First segments that belong to the platform or that this cloud serves at the same address. */
const reserved = ['__auth', '.well-known', 'admin', 'auth', 'local', 'storage', 'v1', 'web']

const Path = v.pipe(
  v.string(),
  v.regex(routePath, 'a path has segments of letters, digits and ._- only'),
  v.check(
    path => path.split('/').every(segment => segment !== '.' && segment !== '..'),
    'a path may not climb',
  ),
  v.check(path => !reserved.includes(path.split('/')[1] ?? ''), 'the path is reserved'),
)

/** Features that are not offered locally (a login page, blocked origins) are refused when the file is read. */
const switches = {
  /**
   * Whether the resource receives the whole path, or only the part after the route's prefix (the platform's default).
   */
  EnablePathTransmission: v.optional(v.boolean(), false),
  EnableAuth: v.literal(false),
  EnableSafeDomain: v.literal(false),
}

const Route = v.variant('UpstreamResourceType', [
  v.strictObject({
    Path,
    UpstreamResourceType: v.literal('SCF'),
    UpstreamResourceName: v.string(),
    ...switches,
  }),
  v.strictObject({
    Path: v.pipe(
      Path,
      v.check(path => path.lastIndexOf('/') === 0, 'static files take one level only'),
    ),
    UpstreamResourceType: v.literal('STATIC_STORE'),
    UpstreamResourceName: v.literal('staticstore'),
    ...switches,
  }),
])

/** Fields have the platform's names (CreateHttpServiceRoute), so that a deployment sends them unchanged. */
export const HttpRoutesFile = v.strictObject({
  Routes: v.pipe(
    v.array(Route),
    v.check(
      routes => new Set(routes.map(route => route.Path)).size === routes.length,
      'two routes have the same path',
    ),
  ),
})
export type HttpRoute = v.InferOutput<typeof Route>

/** Finds the route of a path, and the path that its resource receives. Undefined if no route matches. */
export type FindRoute = (path: string) => { route: HttpRoute; path: string } | undefined

/**
 * Reads http.json. Without the file, no path has a route.
 * @throws Error naming file and fault
 */
export function readHttpRoutes(folder: string | null): FindRoute {
  const { Routes } = readFile(folder, 'http.json', HttpRoutesFile) ?? { Routes: [] }
  return routeFinder(Routes)
}

/** The longest prefix wins. Only whole segments match: `/assets` matches `/assets/a.js` but not `/assets-old`. */
export function routeFinder(routes: readonly HttpRoute[]): FindRoute {
  const longestFirst = routes
    .map(route => ({ route, prefix: route.Path === '/' ? '' : route.Path }))
    .sort((a, b) => b.prefix.length - a.prefix.length)
  return path => {
    const found = longestFirst.find(({ prefix }) => path === prefix || path.startsWith(`${prefix}/`))
    if (!found) return undefined
    const { route, prefix } = found
    return { route, path: route.EnablePathTransmission ? path : path.slice(prefix.length) || '/' }
  }
}
