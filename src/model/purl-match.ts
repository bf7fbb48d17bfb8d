// SPDX-License-Identifier: Apache-2.0
import { parsePurl } from './purl.ts';

/**
 * Whether a purl that names something in general covers a concrete one: type, namespace and name are equal; a version, a subpath and
 * each qualifier count only where the general one states them. (Most VEX documents leave out version or qualifiers and mean all.)
 */
export function purlCovers(general: string, concrete: string): boolean {
  if (general === concrete) return true;
  const wanted = parsePurl(general);
  const actual = parsePurl(concrete);
  if (wanted === undefined || actual === undefined) return false;
  if (
    wanted.type !== actual.type ||
    wanted.name !== actual.name ||
    (wanted.namespace ?? '') !== (actual.namespace ?? '')
  )
    return false;
  if (wanted.version !== undefined && wanted.version !== actual.version) return false;
  if (wanted.subpath !== undefined && wanted.subpath !== actual.subpath) return false;
  return Object.entries(wanted.qualifiers ?? {}).every(([key, value]) => actual.qualifiers?.[key] === value);
}
