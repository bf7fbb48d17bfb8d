// SPDX-License-Identifier: Apache-2.0
// From the elements of a CycloneDX XML document to the tree in JSON form, checked against the tables on the way as the XSD would.
// Foreign attributes and foreign elements inside lists are allowed where the XSD allows them, but only those inside objects are kept.
import type { XmlElement } from '../xml.ts';
import { dependencyGraphNamespace, readDependencyGraph } from './dependency-graph.ts';
import { type BomObject, brokenRules, type Fault } from './faults.ts';
import { keepForeignElement } from './foreign-elements.ts';
import { type Choice, type Field, isAvailable, type Minor, type Shape } from './notation.ts';
import { scalarFault, scalarFromText, scalarOf } from './scalars.ts';
import { definitionOf, knowsWord, minorOf, shapeOf, variantsOf } from './specification.ts';

const namespacePrefix = 'http://cyclonedx.org/schema/bom/';
/** Attributes of XML itself and of XML Schema instances, which stand anywhere. */
const commonAttributes = new Set(['schemaLocation', 'noNamespaceSchemaLocation', 'nil', 'lang', 'space', 'base']);

export interface XmlTree {
  readonly minor: Minor | undefined;
  readonly tree: BomObject;
  readonly faults: readonly Fault[];
}

/** Reads the root element. `minor` is undefined when its namespace is not that of a known version; the newest is then assumed. */
export function readXmlTree(root: XmlElement): XmlTree {
  const version = root.namespace.startsWith(namespacePrefix) ? root.namespace.slice(namespacePrefix.length) : '';
  const minor = minorOf(version);
  const reader = new XmlReader(minor ?? 7, root.namespace);
  if (root.name !== 'bom') reader.noteFatal(root, `the document element is <${root.name}>, not <bom>`);
  if (minor === undefined) {
    reader.noteFatal(root, `the namespace "${root.namespace}" is not that of a known version of CycloneDX`);
  }
  const tree = reader.readShape(shapeOf('bom'), root);
  if (minor !== undefined && minor >= 1) reader.checkReferences(root);
  return { minor, tree, faults: reader.faults };
}

const maximumFaults = 1_000;
const none: readonly Field[] = [];

class XmlReader {
  readonly faults: Fault[] = [];
  readonly #minor: Minor;
  readonly #namespace: string;

  constructor(minor: Minor, namespace: string) {
    this.#minor = minor;
    this.#namespace = namespace;
  }

  note(element: XmlElement, message: string): void {
    if (this.faults.length < maximumFaults) this.faults.push({ path: [], message, line: element.line });
  }

  noteFatal(element: XmlElement, message: string): void {
    this.faults.push({ path: [], message, line: element.line, isFatal: true });
  }

  /** xs:unique on bom-ref: a value stands once in the whole document. */
  checkReferences(root: XmlElement): void {
    const seen = new Set<string>();
    const open: XmlElement[] = [root];
    for (let element = open.pop(); element !== undefined; element = open.pop()) {
      const reference = element.attributes['bom-ref'];
      if (reference !== undefined) {
        if (seen.has(reference)) this.note(element, `the bom-ref "${reference}" stands twice`);
        seen.add(reference);
      }
      for (const child of element.children) open.push(child);
    }
  }

  readShape(shape: Shape, element: XmlElement): BomObject {
    const value: BomObject = {};
    this.#readAttributes(shape, element, value);
    this.#readText(shape, element, value);
    this.#readChildren(shape, element, value);
    for (const field of shape.fields) {
      if (value[field.name] === undefined && isAvailable(field.needed, 'xml', this.#minor)) {
        this.note(
          element,
          `<${element.name}> lacks ${field.xml.kind === 'attribute' ? `the attribute ${field.xml.name}` : field.name}`,
        );
      }
    }
    for (const message of brokenRules(shape, value, { syntax: 'xml', minor: this.#minor })) {
      this.note(element, `<${element.name}> ${message}`);
    }
    return value;
  }

  readonly #known = new Map<Shape, Map<Field['xml']['kind'], readonly Field[]>>();

  /** The fields of a kind that this version has in XML. */
  #fields(shape: Shape, kind: Field['xml']['kind']): readonly Field[] {
    let kinds = this.#known.get(shape);
    if (kinds === undefined) {
      kinds = Map.groupBy(
        shape.fields.filter((field) => isAvailable(field.availability, 'xml', this.#minor)),
        (field) => field.xml.kind,
      );
      this.#known.set(shape, kinds);
    }
    return kinds.get(kind) ?? none;
  }

  #readAttributes(shape: Shape, element: XmlElement, value: BomObject): void {
    const fields = this.#fields(shape, 'attribute');
    const own = this.#fields(shape, 'self').length > 0;
    for (const [name, text] of Object.entries(element.attributes)) {
      const field = fields.find((candidate) => candidate.xml.name === name);
      if (field !== undefined) this.#set(value, field, this.#readSimple(field.type, text, element));
      else if (!own && !commonAttributes.has(name) && !isAvailable(shape.attributes, 'xml', this.#minor)) {
        this.note(element, `<${element.name}> has an unknown attribute ${name}`);
      }
    }
  }

  #readText(shape: Shape, element: XmlElement, value: BomObject): void {
    const field = this.#fields(shape, 'text')[0];
    if (field !== undefined) {
      const isNeeded = isAvailable(field.needed, 'xml', this.#minor);
      if (element.text === '' && !isNeeded) return;
      this.#set(value, field, this.#readSimple(field.type, element.text, element));
    } else if (element.text.trim() !== '' && !shape.mixed && this.#fields(shape, 'self').length === 0) {
      this.note(element, `<${element.name}> has text between its elements`);
    }
  }

  #readChildren(shape: Shape, element: XmlElement, value: BomObject): void {
    for (const field of this.#fields(shape, 'self')) {
      this.#set(value, field, this.#readType(field.type, element));
      return;
    }
    const fields = this.#fields(shape, 'element');
    let reached = 0;
    let isPastForeign = false;
    for (const child of element.children) {
      if (child.namespace !== this.#namespace) {
        this.#readForeign(shape, child, value);
        isPastForeign = true;
        continue;
      }
      const matching = fields.filter((field) => (field.xml.wrapper ?? field.xml.name) === child.name);
      const [first] = matching;
      if (first === undefined) {
        this.note(child, `<${child.name}> is not known inside <${element.name}> in CycloneDX 1.${this.#minor}`);
        continue;
      }
      if ((first.order < reached || isPastForeign) && !shape.anyOrder) {
        this.note(child, `<${child.name}> stands too late inside <${element.name}>`);
      }
      reached = Math.max(reached, ...matching.map((field) => field.order));
      for (const name of new Set(matching.map((field) => field.name))) {
        const field = bestFit(
          matching.filter((candidate) => candidate.name === name),
          child,
        );
        if (field !== undefined) this.#readField(shape, field, child, { value, isShared: matching.length > 1 });
      }
    }
  }

  #readForeign(shape: Shape, child: XmlElement, value: BomObject): void {
    if (!isAvailable(shape.foreign, 'xml', this.#minor)) {
      this.note(child, `<${child.name}> of the namespace "${child.namespace}" is not allowed here`);
      return;
    }
    keepForeignElement(value, child);
    if (child.namespace === dependencyGraphNamespace) {
      for (const fault of readDependencyGraph(child).faults) this.faults.push(fault);
    }
  }

  #readField(shape: Shape, field: Field, child: XmlElement, place: { value: BomObject; isShared: boolean }): void {
    const { value } = place;
    const known = value[field.name];
    const isRepeated = known !== undefined && !shape.anyOrder;
    if (isRepeated && (!field.list || (field.xml.wrapper !== undefined && !field.xml.wrapperRepeats))) {
      this.note(child, `<${child.name}> stands twice`);
    }
    const isWrapped = field.xml.wrapper !== undefined;
    const read = isWrapped ? this.#readItems(field, child) : [this.#readItem(field, child, place.isShared)];
    if (!field.list) {
      if (read.length !== 1) this.note(child, `<${child.name}> has not exactly one element`);
      this.#set(value, field, read[0]);
      return;
    }
    const items = Array.isArray(known) ? (known as unknown[]) : [];
    for (const item of read) if (item !== undefined) items.push(item);
    value[field.name] = items;
    const definition = definitionOf(field.type);
    if (definition?.kind === 'choice') this.#checkAlone(definition, child);
  }

  /** The values inside a wrapper element. */
  #readItems(field: Field, wrapper: XmlElement): unknown[] {
    const { wrapperAttributes, wrapperForeign, name } = field.xml;
    if (wrapper.text.trim() !== '') this.note(wrapper, `<${wrapper.name}> has text between its elements`);
    for (const attribute of Object.keys(wrapper.attributes)) {
      if (!wrapperAttributes && !commonAttributes.has(attribute)) {
        this.note(wrapper, `<${wrapper.name}> has an unknown attribute ${attribute}`);
      }
    }
    const items: unknown[] = [];
    for (const child of wrapper.children) {
      if (child.namespace !== this.#namespace) {
        if (!wrapperForeign)
          this.note(child, `<${child.name}> of the namespace "${child.namespace}" is not allowed here`);
      } else if (name !== '*' && child.name !== name) {
        this.note(child, `<${child.name}> is not known inside <${wrapper.name}>`);
      } else {
        const item = this.#readItem(field, child, false);
        if (item !== undefined) items.push(item);
      }
    }
    return items;
  }

  #readItem(field: Field, element: XmlElement, isShared: boolean): unknown {
    const attribute = field.xml.valueAttribute;
    if (attribute !== undefined) {
      const text = element.attributes[attribute];
      if (text === undefined) this.note(element, `<${element.name}> lacks the attribute ${attribute}`);
      if (!isShared) this.#checkEmpty(element);
      return text === undefined ? undefined : this.#readSimple(field.type, text, element);
    }
    const definition = definitionOf(field.type);
    if (definition?.kind === 'choice') return this.#readVariant(definition, element);
    return this.#readType(field.type, element, isShared);
  }

  /** An element that only refers. Dependencies may nest, although what the inner ones say belongs to an entry of its own. */
  #checkEmpty(element: XmlElement): void {
    const isFilled = element.text.trim() !== '';
    const inner = element.children.find((child) => child.name !== 'dependency' && child.name !== 'provides');
    if (isFilled || inner !== undefined) this.note(element, `<${element.name}> is not empty`);
  }

  #readVariant(choice: Choice, element: XmlElement): unknown {
    const variant = variantsOf(choice, 'xml', this.#minor).find((candidate) => candidate.element === element.name);
    if (variant !== undefined) return this.#readType(variant.type, element);
    this.note(element, `<${element.name}> is not known here in CycloneDX 1.${this.#minor}`);
    return undefined;
  }

  #readType(type: string, element: XmlElement, isShared = false): unknown {
    const definition = definitionOf(type);
    if (definition?.kind === 'shape') return this.readShape(definition, element);
    for (const child of element.children) this.note(child, `<${element.name}> has an element where text belongs`);
    for (const attribute of Object.keys(element.attributes)) {
      if (!isShared && !commonAttributes.has(attribute)) {
        this.note(element, `<${element.name}> has an unknown attribute ${attribute}`);
      }
    }
    return this.#readSimple(type, element.text, element);
  }

  /** A simple value from text; the text itself where it is not of the type, so that nothing is lost. */
  #readSimple(type: string, text: string, element: XmlElement): unknown {
    const definition = definitionOf(type);
    if (definition?.kind === 'enumeration') {
      const isKnown =
        !definition.closed.includes('xml') || knowsWord(definition, text, { syntax: 'xml', minor: this.#minor });
      if (!isKnown) this.note(element, `"${shorten(text)}" is not a ${type} of CycloneDX 1.${this.#minor}`);
      return text;
    }
    const scalar = scalarOf(type);
    const value = scalarFromText(scalar, text);
    const context = { syntax: 'xml', minor: this.#minor } as const;
    const fault = value === undefined ? `is not a ${scalar.json}` : scalarFault(scalar, value, context);
    if (fault !== undefined) this.note(element, `"${shorten(text)}" ${fault}`);
    return value ?? text;
  }

  #checkAlone(choice: Choice, wrapper: XmlElement): void {
    const { alone } = choice;
    if (alone === undefined || !isAvailable(alone.availability, 'xml', this.#minor)) return;
    const names = wrapper.children.filter((child) => child.namespace === this.#namespace).map((child) => child.name);
    if (names.length > 1 && names.includes(alone.element)) {
      this.note(wrapper, `<${alone.element}> does not stand alone in <${wrapper.name}>`);
    }
  }

  #set(value: BomObject, field: Field, read: unknown): void {
    if (read !== undefined) value[field.name] = read;
  }
}

/** Of the forms that a member may have, the one whose content this element has; else the first. */
function bestFit(fields: readonly Field[], element: XmlElement): Field | undefined {
  const names = element.children.map((child) => child.name);
  const fits = (field: Field): boolean => {
    if (field.xml.wrapper !== undefined)
      return field.xml.name === '*' || names.every((name) => name === field.xml.name);
    return (definitionOf(field.type)?.kind === 'shape') === names.length > 0;
  };
  return fields.find(fits) ?? fields[0];
}

function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
