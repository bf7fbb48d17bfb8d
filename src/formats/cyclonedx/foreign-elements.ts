// SPDX-License-Identifier: Apache-2.0
// Elements of other namespaces, which CycloneDX XML allows in many places (signatures, extensions): kept with the object they stand in.
import type { XmlElement } from '../xml.ts';

/** Key under which an object keeps them; JSON never sees it. */
export const foreignElements = Symbol('foreign elements');

/** An element without its place in the text. */
export interface ForeignElement {
  readonly name: string;
  readonly namespace: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly ForeignElement[];
  /** Trimmed where there are elements too. */
  readonly text: string;
}

/** The elements that an object keeps. */
export function foreignElementsOf(value: object): readonly ForeignElement[] {
  return (value as { readonly [foreignElements]?: readonly ForeignElement[] })[foreignElements] ?? [];
}

/** Adds one to an object. */
export function keepForeignElement(value: object, element: XmlElement): void {
  const kept = (value as { [foreignElements]?: ForeignElement[] })[foreignElements];
  if (kept === undefined) Object.assign(value, { [foreignElements]: [withoutPlace(element)] });
  else kept.push(withoutPlace(element));
}

function withoutPlace(element: XmlElement): ForeignElement {
  const { name, namespace, attributes, children, text } = element;
  const kept = children.map(withoutPlace);
  return {
    name,
    namespace,
    attributes: { ...attributes },
    children: kept,
    text: kept.length === 0 ? text : text.trim(),
  };
}
