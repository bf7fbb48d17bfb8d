// SPDX-License-Identifier: Apache-2.0
// XML documents that are too large for a tree of all elements (OVAL definitions, lists of updates): hands out the elements of one depth, each
// with all that is in it. Names lose their prefix. No DTD entity is expanded and nothing is fetched.
import { SaxesParser } from 'saxes';
import { messageOf } from '../model/error.ts';
import { defaultLimits } from '../model/limits.ts';
import type { Problem } from '../model/problem.ts';
import { syntaxProblem } from './text.ts';

export interface XmlPart {
  /** Local name. */
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlPart[];
  /** Direct character data, joined, not trimmed. */
  readonly text: string;
}

interface OpenPart {
  readonly name: string;
  readonly attributes: Record<string, string>;
  readonly children: OpenPart[];
  text: string;
}

export interface XmlPartReading {
  /** 1: children of the root, 2: their children. */
  readonly depth: number;
  readonly onPart: (part: XmlPart) => void;
}

/** Never throws; parts before an error are handed out. */
export function eachXmlPart(text: string, path: string, { depth, onPart }: XmlPartReading): readonly Problem[] {
  const parser = new SaxesParser({ xmlns: false, position: false });
  const problems: Problem[] = [];
  const stack: OpenPart[] = [];
  let level = 0;

  parser.on('opentag', (tag) => {
    level += 1;
    if (level > defaultLimits.depth) throw new Error(`nested deeper than ${defaultLimits.depth} levels`);
    if (level <= depth) return;
    const attributes: Record<string, string> = Object.create(null);
    for (const [name, value] of Object.entries(tag.attributes)) attributes[localName(name)] = value;
    const part: OpenPart = { name: localName(tag.name), attributes, children: [], text: '' };
    stack.at(-1)?.children.push(part);
    stack.push(part);
  });
  parser.on('closetag', () => {
    level -= 1;
    const part = stack.pop();
    if (part !== undefined && stack.length === 0) onPart(part);
  });
  const addText = (data: string): void => {
    const part = stack.at(-1);
    if (part !== undefined) part.text += data;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('error', (error) => {
    if (problems.length === 0) problems.push(syntaxProblem(path, `not valid XML: ${error.message}`));
  });
  try {
    parser.write(text).close();
  } catch (error) {
    if (problems.length === 0) problems.push(syntaxProblem(path, `not valid XML: ${messageOf(error)}`));
  }
  return problems;
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

/** All children of that name. */
export function partsOf(part: XmlPart | undefined, name: string): readonly XmlPart[] {
  return part?.children.filter((child) => child.name === name) ?? [];
}

/** First child of that name. */
export function partOf(part: XmlPart | undefined, name: string): XmlPart | undefined {
  return part?.children.find((child) => child.name === name);
}

/** Trimmed text of the first child of that name; empty when there is none. */
export function partText(part: XmlPart | undefined, name: string): string {
  return partOf(part, name)?.text.trim() ?? '';
}
