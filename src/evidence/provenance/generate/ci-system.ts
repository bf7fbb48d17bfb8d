// SPDX-License-Identifier: Apache-2.0
// What a CI system tells a build step about itself through environment variables, as provenance v1. All of it is what the build says about
// itself: a step can change its environment, so nothing here is more than level 1 until a service that the step cannot reach signs it.
import type { JsonObject } from '../../../formats/document.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface GitRevision {
  /** `https://host/path` of the repository; undefined when only the commit is known. */
  readonly repository: string | undefined;
  readonly ref: string | undefined;
  readonly commit: string;
}

export interface BuildDescription {
  /** URI that says how the parameters are to be read. */
  readonly buildType: string;
  readonly builderId: string;
  readonly externalParameters: JsonObject;
  readonly internalParameters: JsonObject;
  readonly source: GitRevision | undefined;
  readonly invocationId: string | undefined;
  /** RFC 3339. */
  readonly startedOn: string | undefined;
  /** The level that this provenance can show after it was signed, and why not more. */
  readonly level: { readonly most: 0 | 1 | 2; readonly reason: string };
}

export interface CiSystem {
  readonly id: string;
  readonly title: string;
  /** Whether the variables are those of this system. */
  detect(environment: Environment): boolean;
  /** The build, or the names of variables that are missing. */
  describe(environment: Environment): BuildDescription | { readonly missing: readonly string[] };
}

/** Values of variables that must be there; the names of those that are not. */
export function requireVariables<const Name extends string>(
  environment: Environment,
  names: readonly Name[],
): { readonly values: Readonly<Record<Name, string>> } | { readonly missing: readonly string[] } {
  const missing = names.filter((name) => valueOf(environment, name) === undefined);
  if (missing.length > 0) return { missing };
  return {
    values: Object.fromEntries(names.map((name) => [name, valueOf(environment, name) ?? ''])) as Record<Name, string>,
  };
}

/** An empty variable is none: CI systems set what does not apply to the empty text. */
export function valueOf(environment: Environment, name: string): string | undefined {
  const value = environment[name];
  return value === undefined || value === '' ? undefined : value;
}

/** Members with a value. */
export function present(members: Readonly<Record<string, unknown>>): JsonObject {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

/** Without user name and password, which do not belong into a statement that others read. */
export function withoutCredentials(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || (url.protocol !== 'https:' && url.protocol !== 'http:')) return address;
  url.username = '';
  url.password = '';
  return url.toString().replace(/\/$/, '');
}
