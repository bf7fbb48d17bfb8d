// SPDX-License-Identifier: Apache-2.0
// What a check of Compose files is: it looks at one service after the other. Pure. The list is compose-checks/index.ts; running it is
// check-compose.ts. https://github.com/compose-spec/compose-spec/blob/main/spec.md

import type { DocumentPath, JsonObject } from '../../formats/document.ts';
import { asArray, asObject, asString, entriesOf } from '../../formats/document.ts';
import type { Severity } from '../../model/severity.ts';

export interface ComposeCheck {
  /** Kebab case with `compose-` before it, unique; also the name of the file. */
  readonly id: string;
  readonly title: string;
  /** What the CIS Docker benchmark calls it, sorted. */
  readonly aliases: readonly string[];
  readonly severity: Severity;
  readonly why: string;
  readonly remediation: string;
  readonly urls: readonly string[];
  readonly example: { readonly good: string; readonly bad: string };
  run(service: ComposeService): readonly ComposeFault[];
}

export interface ComposeService {
  readonly name: string;
  readonly service: JsonObject;
  /** Of the service in the file. */
  readonly at: DocumentPath;
}

export interface ComposeFault {
  /** What the service does, in words that follow its name; secrets redacted. */
  readonly message: string;
  /** Below the service. */
  readonly member: DocumentPath;
  readonly severity?: Severity;
}

export function defineComposeCheck(check: ComposeCheck): ComposeCheck {
  return check;
}

/** A Compose file with one service that has a member besides its image. */
export function composeWith(member: string): string {
  return `services:\n  web:\n    image: registry.example/web:1\n    ${member}\n`;
}

export interface ComposeVariable {
  readonly name: string;
  readonly value: string;
  readonly member: DocumentPath;
}

/** Variables of `environment`, which is a mapping or a list of `NAME=value`. */
export function variablesOf({ service }: ComposeService): readonly ComposeVariable[] {
  const environment = service['environment'];
  if (!Array.isArray(environment))
    return entriesOf(environment).map(([name, value]) => ({
      name,
      value: typeof value === 'string' || typeof value === 'number' ? String(value) : '',
      member: ['environment', name],
    }));
  return environment.flatMap((item: unknown, index) => {
    const text = asString(item) ?? '';
    const equals = text.indexOf('=');
    if (equals === -1) return [];
    return [{ name: text.slice(0, equals), value: text.slice(equals + 1), member: ['environment', index] }];
  });
}

export interface ComposeMount {
  readonly source: string;
  readonly member: DocumentPath;
}

/** Sources of `volumes` in the short and the long form. */
export function mountsOf({ service }: ComposeService): readonly ComposeMount[] {
  return asArray(service['volumes']).map((item, index) => {
    const long = asObject(item);
    const source = long === undefined ? (asString(item) ?? '').split(':')[0] : asString(long['source']);
    return { source: source ?? '', member: ['volumes', index] };
  });
}
