// SPDX-License-Identifier: Apache-2.0
// Paths of the API server that rules call, once their variables are replaced. What is called is called with the rights of whoever judges, so a path must say
// plainly where it leads, and a policy of one namespace stays in it (GHSA-8p9x-46gm-qfx2).

// Segments that lead elsewhere than they say, plainly or encoded; an empty one; and what ends a path before its end.
const windingForm = /(?:^|\/)(?:\.|%2e){1,2}(?=\/|$)|\/\/|%2f|%5c|%00|[\\#]|[^!-~]/i;

/** Why a path is not called; undefined when it may be. `namespace`: of the policy, empty for one of the whole cluster. */
export function apiPathFault(urlPath: string, namespace: string): string | undefined {
  const [path = ''] = urlPath.split('?');
  if (windingForm.test(path)) return `the path ${JSON.stringify(urlPath.slice(0, 200))} does not lead where it says`;
  if (namespace === '') return undefined;
  const parts = path.split('/').slice(1);
  const rest = parts[0] === 'api' ? parts.slice(2) : parts.slice(3);
  const isOwn = ['api', 'apis'].includes(parts[0] ?? '') && rest[0] === 'namespaces' && rest[1] === namespace;
  return isOwn
    ? undefined
    : `a Policy of the namespace ${namespace} calls nothing outside of it (${path.slice(0, 200)})`;
}
