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
  const root = printer.shapeElement('bom', shapeOf('bom'), tree);
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

  shapeElement(name: string, shape: Shape, value: Readonly<BomObject>): Node {
    const node = nodeOf(name);
    for (const field of shape.fields) {
      if (!isAvailable(field.availability, 'xml', this.#minor)) continue;
      const member = value[field.name];
      if (member !== undefined && member !== null && this.#isForm(shape, field, member))
        this.#printField(node, field, member);
    }
    node.children.push(...foreignElementsOf(value));
    return node;
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

  #printField(node: Node, field: Field, member: unknown): void {
    const { kind, name, wrapper, wrapperRepeats, valueAttribute } = field.xml;
    if (kind === 'attribute') node.attributes.push([name, String(member)]);
    else if (kind === 'text') node.text = String(member);
    else if (kind === 'self') this.#fill(node, field.type, member);
    else if (valueAttribute !== undefined && !field.list)
      this.#shareElement(node, name, [valueAttribute, String(member)]);
    else {
      const all = Array.isArray(member) ? (member as unknown[]) : [member];
      const items = field.list ? all : all.slice(0, 1);
      const nodes = items.flatMap((item) => this.#itemElement(node, field, item) ?? []);
      if (wrapper === undefined) node.children.push(...nodes.filter((item) => !node.children.includes(item)));
      else if (wrapperRepeats) node.children.push(...nodes.map((item) => ({ ...nodeOf(wrapper), children: [item] })));
      else node.children.push({ ...nodeOf(wrapper), children: nodes });
    }
  }

  /** An attribute of an element that another member fills. */
  #shareElement(node: Node, name: string, attribute: [string, string]): void {
    const element = nodeOf(name);
    element.attributes.push(attribute);
    node.children.push(element);
  }

  #itemElement(parent: Node, field: Field, item: unknown): Node | undefined {
    const definition = definitionOf(field.type);
    if (definition?.kind === 'choice') {
      const variant = this.#variantOf(definition, item);
      return variant === undefined ? undefined : this.#fill(nodeOf(variant.element), variant.type, item);
    }
    const { valueAttribute, name } = field.xml;
    if (valueAttribute !== undefined) return { ...nodeOf(name), attributes: [[valueAttribute, String(item)]] };
    const shared = parent.children.find(
      (child): child is Node => isNode(child) && child.name === name && child.text === undefined,
    );
    const isShared =
      shared !== undefined && shared.attributes.length > 0 && shared.children.length === 0 && definition === undefined;
    return this.#fill(isShared ? shared : nodeOf(name), field.type, item);
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
      node.text = typeof value === 'string' ? value : value === undefined ? undefined : JSON.stringify(value);
      return node;
    }
    const filled = this.shapeElement(node.name, definition, asObject(value) ?? {});
    node.attributes.push(...filled.attributes);
    node.children.push(...filled.children);
    node.text = filled.text;
    return node;
  }
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
