// SPDX-License-Identifier: Apache-2.0
// Addresses of objects and collections on an API server.
import type { KindName, KubeResource } from './client.ts';
import { KubeError } from './outcome.ts';

export interface ObjectPlace {
  readonly namespace?: string | undefined;
  /** Absent: the collection. */
  readonly name?: string;
  readonly subresource?: string | undefined;
}

/** `/api/v1` or `/apis/apps/v1`. */
export function groupVersionPath(apiVersion: string): string {
  const parts = apiVersion.split('/');
  return [parts.length === 1 ? '/api' : '/apis', ...parts.map(segment)].join('/');
}

/** Throws KubeError (`invalid`) for names that no object can have, before they become another address. */
export function objectPath(resource: KubeResource, { namespace, name, subresource }: ObjectPlace): string {
  const within = resource.namespaced && namespace !== undefined ? `/namespaces/${segment(namespace)}/` : '/';
  const object = name === undefined ? '' : `/${segment(name)}`;
  const below =
    subresource === undefined || subresource === '' ? '' : `/${subresource.split('/').map(segment).join('/')}`;
  return groupVersionPath(resource.apiVersion) + within + segment(resource.resource) + object + below;
}

/** apimachinery validation: no name is `.` or `..` or holds a slash or a percent sign. */
function segment(text: string): string {
  if (text === '' || text === '.' || text === '..' || /[/%]/.test(text))
    throw new KubeError({ fault: 'invalid', reason: `"${text.slice(0, 100)}" cannot be the name of an object` });
  return encodeURIComponent(text);
}

export type QueryValue = string | number | boolean | undefined;

/** `?a=b&c=d`; members without a value are left out. */
export function queryOf(members: Readonly<Record<string, QueryValue>>): string {
  const parts = Object.entries(members).flatMap(([name, value]) =>
    value === undefined || value === '' || value === false ? [] : [`${name}=${encodeURIComponent(String(value))}`],
  );
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}

/** For messages: `deployments.apps` or `pods`. */
export function describeKind({ apiVersion, kind }: KindName): string {
  return `${kind} (${apiVersion})`;
}
