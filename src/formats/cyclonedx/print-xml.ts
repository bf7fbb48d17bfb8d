// SPDX-License-Identifier: Apache-2.0
// Prints a tree as CycloneDX XML, in the element order of the version. Members that the version does not know in XML (signatures,
// for instance) are left out.
import { asObject } from '../document.ts';
import { escapeXml } from '../xml-print.ts';
import type { BomObject } from './faults.ts';
import { type ForeignElement, foreignElementsOf } from './foreign-elements.ts';
import { type Choice, type Field, isAvailable, type Minor, type Shape, type Variant } from './notation.ts';
import { definitionOf, shapeOf, variantsOf } from './specification.ts';
import { validateValue } from './validate.ts';

/** The document, indented by two spaces, with a final line feed. */
export function printBomXml(tree: Readonly<BomObject>, minor: Minor): string {
  const printer = new XmlPrinter(minor);
  const root = nodeOf('bom');
  printer.addShape(root, shapeOf('bom'), tree);
  root.attributes.unshift(['xmlns', `http://cyclonedx.org/schema/bom/1.${minor}`]);
  const lines: string[] = ['<?xml version="1.0" encoding="UTF-8"?>'];
  printNode(root, '', lines);
  return `${lines.join('\n')}\n`;
}

interface Node {
  readonly name: string;
  readonly attributes: [string, string][];
  readonly children: (Node | ForeignElement)[];
  text: string | undefined;
}

function nodeOf(name: string): Node {
  return { name, attributes: [], children: [], text: undefined };
}

class XmlPrinter {
  readonly #minor: Minor;

  constructor(minor: Minor) {
    this.#minor = minor;
  }

  /** Adds the members of an object to its element. */
  addShape(node: Node, shape: Shape, value: Readonly<BomObject>): void {
    // Elements that so far have an attribute only, which stands for one member; another member gives their text.
    const begun = new Map<string, Node>();
    for (const field of shape.fields) {
      if (!isAvailable(field.availability, 'xml', this.#minor)) continue;
      const member = value[field.name];
      if (member === undefined || member === null || !this.#isForm(shape, field, member)) continue;
      const { name, valueAttribute } = field.xml;
      if (valueAttribute !== undefined && !field.list) {
        const element = { ...nodeOf(name), attributes: [[valueAttribute, textOf(member)] as [string, string]] };
        begun.set(name, element);
        node.children.push(element);
      } else this.#addField(node, field, { member, begun: begun.get(name) });
    }
    for (const element of foreignElementsOf(value)) node.children.push(element);
  }

  /** Of several forms of a member, whether this is the one that the value has. */
  #isForm(shape: Shape, field: Field, member: unknown): boolean {
    const forms = (shape.fieldsByName.get(field.name) ?? []).filter((form) =>
      isAvailable(form.availability, 'xml', this.#minor),
    );
    if (forms.length < 2) return true;
    const [item] = Array.isArray(member) ? (member as unknown[]) : [member];
    const fits = (form: Field): boolean =>
      form.list === Array.isArray(member) &&
      (item === undefined || (definitionOf(form.type)?.kind === 'shape') === (asObject(item) !== undefined));
    return (forms.find(fits) ?? forms[0]) === field;
  }

  #addField(node: Node, field: Field, { member, begun }: { member: unknown; begun: Node | undefined }): void {
    const { kind, name, wrapper, wrapperRepeats } = field.xml;
    if (kind === 'attribute') node.attributes.push([name, textOf(member)]);
    else if (kind === 'text') node.text = textOf(member);
    else if (kind === 'self') this.#fill(node, field.type, member);
    else if (begun !== undefined) this.#fill(begun, field.type, member);
    else {
      const items = Array.isArray(member) ? (member as unknown[]) : [member];
      const whole = wrapper === undefined ? node : nodeOf(wrapper);
      for (const item of field.list ? items : items.slice(0, 1)) {
        const element = this.#itemElement(field, item);
        if (element === undefined) continue;
        if (wrapper !== undefined && wrapperRepeats) node.children.push({ ...nodeOf(wrapper), children: [element] });
        else whole.children.push(element);
      }
      if (wrapper !== undefined && !wrapperRepeats) node.children.push(whole);
    }
  }

  #itemElement(field: Field, item: unknown): Node | undefined {
    const definition = definitionOf(field.type);
    if (definition?.kind === 'choice') {
      const variant = this.#variantOf(definition, item);
      return variant === undefined ? undefined : this.#fill(nodeOf(variant.element), variant.type, item);
    }
    const { valueAttribute, name } = field.xml;
    if (valueAttribute !== undefined) return { ...nodeOf(name), attributes: [[valueAttribute, textOf(item)]] };
    return this.#fill(nodeOf(name), field.type, item);
  }

  /** The first variant that takes the value. */
  #variantOf(choice: Choice, item: unknown): Variant | undefined {
    const variants = variantsOf(choice, 'xml', this.#minor);
    const version = this.#minor < 2 ? 2 : this.#minor;
    return (
      variants.find((variant) => validateValue(variant.type, item, version).length === 0) ??
      variants.find((variant) => this.#covers(variant, item))
    );
  }

  /** For values that are not valid: a variant that at least knows all members. */
  #covers(variant: Variant, item: unknown): boolean {
    const definition = definitionOf(variant.type);
    const object = asObject(item);
    if (definition?.kind !== 'shape') return object === undefined;
    return object !== undefined && Object.keys(object).every((name) => definition.fieldsByName.has(name));
  }

  #fill(node: Node, type: string, value: unknown): Node {
    const definition = definitionOf(type);
    if (definition?.kind !== 'shape') {
      node.text = textOf(value);
      return node;
    }
    this.addShape(node, definition, asObject(value) ?? {});
    return node;
  }
}

/** Simple values as XML writes them; anything else, which only an invalid tree has, as JSON. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

function isNode(item: Node | ForeignElement): item is Node {
  return Array.isArray(item.attributes);
}

function printNode(node: Node | ForeignElement, indent: string, lines: string[]): void {
  const attributes = isNode(node) ? node.attributes : Object.entries(node.attributes);
  const namespace = isNode(node) ? '' : ` xmlns="${escapeXml(node.namespace)}"`;
  const head = `${indent}<${node.name}${namespace}${attributes.map(([name, value]) => ` ${name}="${escapeAttribute(value)}"`).join('')}`;
  const text = node.text === undefined ? '' : escapeXml(node.text).replaceAll('\r', '&#13;');
  if (node.children.length === 0) {
    lines.push(text === '' ? `${head}/>` : `${head}>${text}</${node.name}>`);
    return;
  }
  lines.push(`${head}>`);
  // Text beside elements is kept for foreign elements only, and its place between them is not known.
  if (text.trim() !== '') lines.push(`${indent}  ${text.trim()}`);
  for (const child of node.children) printNode(child, `${indent}  `, lines);
  lines.push(`${indent}</${node.name}>`);
}

/** Line feeds and tabs of an attribute survive as references only. */
function escapeAttribute(value: string): string {
  return escapeXml(value).replace(/[\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`);
}
