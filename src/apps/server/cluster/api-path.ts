// SPDX-License-Identifier: Apache-2.0
// Paths of the API server as policies write them (`urlPath`, GlobalContextEntry): only such that lead where they say. A path with `..` or an escape could lead
// past the namespace that a policy is confined to.

/** The path with its query, or why it is not asked. */
export function checkedPath(urlPath: string): { readonly path: string } | { readonly fault: string } {
  const [path = '', query] = urlPath.split('?', 2);
  const said = urlPath.slice(0, 200);
  if (!/^\/(?:api|apis)\/[A-Za-z0-9._:/-]+$/.test(path)) return { fault: `${said} is no path that objects have` };
  if (path.split('/').some((part, index) => (part === '' && index > 0) || part === '.' || part === '..'))
    return { fault: `${said} is no path that objects have` };
  if (query === undefined || query === '') return { path };
  const parameters = new URLSearchParams(query);
  // A watch never ends.
  if (parameters.has('watch') || parameters.has('follow')) return { fault: `${said}: watches are not asked` };
  return { path: `${path}?${parameters.toString()}` };
}
