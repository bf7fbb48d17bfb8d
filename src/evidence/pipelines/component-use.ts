// SPDX-License-Identifier: Apache-2.0
// Small makers of parts of the model that every system needs.
import type { Location } from '../../model/location.ts';
import type { ComponentUse, ImageUse, PlacedText, Script, SecretUse, Step, Variable } from './pipeline.ts';
import type { PlacedValue } from './placed-value.ts';
import { memberOf, membersOf, textOf } from './placed-value.ts';
import { isSecretName, shellVariables } from './secret-names.ts';

/** `name@version`, split at the last `@` (or another sign). */
export function splitReference(text: string, sign = '@'): { readonly name: string; readonly version?: string } {
  const at = text.lastIndexOf(sign);
  return at <= 0 ? { name: text } : { name: text.slice(0, at), version: text.slice(at + sign.length) };
}

export function componentUse(
  kind: ComponentUse['kind'],
  written: PlacedText,
  more: Partial<Omit<ComponentUse, 'kind' | 'text' | 'location'>> = {},
): ComponentUse {
  return {
    kind,
    text: written.text,
    ...splitReference(written.text),
    isLocal: false,
    inputs: new Map(),
    location: written.location,
    ...more,
  };
}

/** Members of an object whose values are scalars, as variables. */
export function variablesIn(value: PlacedValue | undefined): readonly Variable[] {
  return membersOf(value).flatMap(([name, member]) => {
    const text = textOf(member) ?? textOf(memberOf(member, 'value'));
    return text === undefined ? [] : [{ name, value: text, location: member.location }];
  });
}

export function inputsIn(value: PlacedValue | undefined): ReadonlyMap<string, PlacedText> {
  const inputs = new Map<string, PlacedText>();
  for (const [name, member] of membersOf(value)) {
    const text = textOf(member);
    if (text !== undefined) inputs.set(name, { text, location: member.location });
  }
  return inputs;
}

export function emptyStep(index: number, location: Location): Step {
  return { index, location, variables: [], secrets: [], artifacts: [], caches: [] };
}

export function shell(written: PlacedText): Script {
  return { ...written, language: 'shell' };
}

/** Secrets a shell text reads by name, where secrets are variables that the file does not set. */
export function namedSecrets(texts: readonly PlacedText[], known: ReadonlySet<string>): readonly SecretUse[] {
  return texts.flatMap(({ text, location }) =>
    shellVariables(text).flatMap((name): SecretUse[] =>
      isSecretName(name) && !known.has(name) ? [{ name, source: 'secret', location }] : [],
    ),
  );
}

/** Each secret once, at its first place. */
export function uniqueSecrets(secrets: readonly SecretUse[]): readonly SecretUse[] {
  const seen = new Set<string>();
  return secrets.filter(({ name, source }) => {
    const key = `${source} ${name}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

export function imageUse(value: PlacedValue | undefined, role: ImageUse['role']): ImageUse | undefined {
  if (value === undefined) return undefined;
  const named = memberOf(value, 'name') ?? memberOf(value, 'image');
  const text = textOf(value) ?? textOf(named);
  return text === undefined || text === '' ? undefined : { text, role, location: named?.location ?? value.location };
}
