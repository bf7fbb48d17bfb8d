// SPDX-License-Identifier: Apache-2.0
// XML 1.0 as a small element tree with lines. saxes checks well-formedness; no DTD entity is ever expanded and nothing is fetched.
import { SaxesParser } from 'saxes';
import { messageOf } from '../model/error.ts';
import { defaultLimits } from '../model/limits.ts';
import type { Problem } from '../model/problem.ts';
import type { DecodedText } from './text.ts';
import { decodeText, syntaxProblem } from './text.ts';

export interface XmlElement {
  /** Local name, without prefix. */
  readonly name: string;
  /** Namespace URI; empty when there is none. */
  readonly namespace: string;
  /** Attributes by local name (`xmlns` declarations left out). */
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** All direct character data, joined, not trimmed. */
  readonly text: string;
  readonly line: number;
  readonly endLine: number;
  readonly column: number;
}

export interface XmlDocument {
  readonly root: XmlElement | undefined;
  readonly problems: readonly Problem[];
}

interface OpenElement {
  name: string;
  namespace: string;
  attributes: Record<string, string>;
  children: OpenElement[];
  text: string;
  line: number;
  endLine: number;
  column: number;
}

class LimitReached extends Error {}

/**
 * Decodes a document in the encoding its declaration names (XML 1.0 section 4.3.3), else as UTF-8 or by its byte order mark.
 * An encoding this platform does not know is read as UTF-8, with a problem that does not hide findings.
 */
export function decodeXml(bytes: Uint8Array, path: string): DecodedText {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 200));
  const label = /^<\?xml[^>]{0,150}?\sencoding\s{0,9}=\s{0,9}["']([A-Za-z0-9._-]{1,40})["']/
    .exec(head)?.[1]
    ?.toLowerCase();
  if (label === undefined || label === 'utf-8' || label === 'utf8') return decodeText(bytes, path);
  try {
    return { text: new TextDecoder(label).decode(bytes), problems: [] };
  } catch {
    const { text, problems } = decodeText(bytes, path);
    const message = `encoding ${label} is not known; read as UTF-8`;
    return {
      text,
      problems: [...problems, { kind: 'encoding', message, location: { path, line: 1 }, hidesFindings: false }],
    };
  }
}

/** Reads one XML document. Never throws; what was read before an error is kept (open elements are closed). */
export function parseXml(text: string, path: string): XmlDocument {
  const parser = new SaxesParser({ xmlns: true, position: true });
  const problems: Problem[] = [];
  const stack: OpenElement[] = [];
  let root: OpenElement | undefined;
  let count = 0;

  parser.on('opentag', (tag) => {
    count += 1;
    if (stack.length >= defaultLimits.depth || count > defaultLimits.xmlElements) throw new LimitReached();
    const attributes: Record<string, string> = Object.create(null);
    for (const attribute of Object.values(tag.attributes)) {
      if (attribute.prefix !== 'xmlns' && attribute.name !== 'xmlns') attributes[attribute.local] = attribute.value;
    }
    const element: OpenElement = {
      name: tag.local,
      namespace: tag.uri,
      attributes,
      children: [],
      text: '',
      line: parser.line,
      endLine: parser.line,
      column: parser.column,
    };
    stack.at(-1)?.children.push(element);
    root ??= element;
    stack.push(element);
  });
  parser.on('closetag', () => {
    const element = stack.pop();
    if (element !== undefined) element.endLine = parser.line;
  });
  const addText = (data: string): void => {
    const element = stack.at(-1);
    if (element !== undefined) element.text += data;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('error', (error) => {
    const message = error.message.replace(/^\d+:\d+: /, '');
    if (problems.length === 0)
      problems.push(syntaxProblem(path, `not valid XML: ${message}`, parser.line, parser.column));
  });

  try {
    parser.write(text).close();
  } catch (error) {
    const location = { path, line: parser.line };
    if (error instanceof LimitReached) {
      const message = `nested deeper than ${defaultLimits.depth} levels or more than ${defaultLimits.xmlElements} elements`;
      problems.push({ kind: 'limit', message, location, hidesFindings: true });
    } else {
      problems.push(syntaxProblem(path, `not valid XML: ${messageOf(error)}`, parser.line));
    }
  }
  return { root, problems };
}

/** First child of that local name. */
export function childOf(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((child) => child.name === name);
}

/** All children of that local name. */
export function childrenOf(element: XmlElement | undefined, name: string): readonly XmlElement[] {
  return element?.children.filter((child) => child.name === name) ?? [];
}

/** Trimmed text of the first child of that name; undefined when absent or blank. */
export function childText(element: XmlElement | undefined, name: string): string | undefined {
  const text = childOf(element, name)?.text.trim();
  return text === '' ? undefined : text;
}
