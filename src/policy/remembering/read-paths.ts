// SPDX-License-Identifier: Apache-2.0
// Which parts of a value somebody reads, as a tree of names: `object.spec.containers[*].image`. Positions in lists are not told apart, and neither are
// the members of a map that were asked for after its names had been listed: both only make what is compared larger than it need be.

/** Names that every object answers to, whether it has such a member or not. */
const inherited: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype));

export class ReadPaths {
  /** Members that were asked for by name, in parallel lists: they are gone through far more often than looked up. */
  readonly names: string[] = [];
  readonly nodes: ReadPaths[] = [];
  /** Items of a list; the other members of a map whose names were listed. */
  each: ReadPaths | undefined;
  /** Whether the names of the members were read as such, with their order and number. */
  isListed = false;
  /** Whether more was asked than whether there is such a thing. */
  isRead = false;
  /** Whether objects have something under this name without having such a member. */
  readonly isInherited: boolean;

  constructor(name = '') {
    this.isInherited = inherited.has(name);
  }

  /** Notes that the value was read, not only whether it is there. */
  read(): this {
    this.isRead = true;
    return this;
  }

  member(name: string): ReadPaths {
    const known = this.nodes[this.names.indexOf(name)];
    if (known !== undefined) return known;
    return this.isListed ? this.items() : this.#make(name);
  }

  #make(name: string): ReadPaths {
    const made = new ReadPaths(name);
    this.names.push(name);
    this.nodes.push(made);
    return made;
  }

  items(): ReadPaths {
    return (this.each ??= new ReadPaths());
  }

  /** The names are read: from here on each further member counts for all. Those that were asked for before stay: somebody may go on reading below them. */
  list(): void {
    this.isListed = true;
  }

  /** Takes in what somebody else reads; whether that was anything new. */
  add(other: ReadPaths): boolean {
    let isNew = (other.isListed && !this.isListed) || (other.isRead && !this.isRead);
    this.isRead ||= other.isRead;
    this.isListed ||= other.isListed;
    for (const [index, name] of other.names.entries()) {
      const node = other.nodes[index];
      if (node === undefined) continue;
      const own = this.nodes[this.names.indexOf(name)];
      isNew = own === undefined || isNew;
      isNew = (own ?? this.#make(name)).add(node) || isNew;
    }
    if (other.each === undefined) return isNew;
    isNew = this.each === undefined || isNew;
    return this.items().add(other.each) || isNew;
  }

  /** How many places there are below it. */
  get size(): number {
    const below = this.nodes.reduce((sum, node) => sum + 1 + node.size, 0);
    return below + (this.each === undefined ? 0 : 1 + this.each.size);
  }
}

const absent = Symbol('absent');
const present = Symbol('present');
const list = Symbol('list');
const map = Symbol('map');
const minusZero = Symbol('-0');

/**
 * What stands at the places of a tree, in one flat list: two values give the same list if and only if nobody who reads these places and nothing else can tell them
 * apart. Values are those of JSON.
 */
export class Reading {
  readonly values: unknown[] = [];
  /** How many of `values` count; the rest is from an earlier reading. */
  length = 0;
  /** Of 32 bits; equal lists have equal ones. */
  hash = 0;
  readonly #most: number;

  /** `most`: values that are taken. */
  constructor(most: number) {
    this.#most = most;
  }

  /** False when there is more than is taken. */
  read(paths: ReadPaths, value: unknown): boolean {
    this.length = 0;
    this.hash = 17;
    this.#read(paths, value);
    return this.length < this.#most;
  }

  isEqual(values: readonly unknown[]): boolean {
    const { length } = this;
    if (values.length !== length) return false;
    for (let index = 0; index < length; index += 1) if (this.values[index] !== values[index]) return false;
    return true;
  }

  #read(paths: ReadPaths, value: unknown): void {
    if (!paths.isRead) this.#put(value === undefined ? undefined : present);
    else if (typeof value !== 'object' || value === null) this.#put(value);
    else if (Array.isArray(value)) {
      this.#put(list);
      this.#put(value.length);
      const { each } = paths;
      if (each !== undefined) for (const item of value) this.#read(each, item);
    } else {
      this.#put(map);
      if (paths.isListed) this.#readMembers(paths, value as Readonly<Record<string, unknown>>);
      const { names, nodes } = paths;
      for (let index = 0; index < names.length; index += 1) {
        const name = names[index] as string;
        const node = nodes[index] as ReadPaths;
        const isThere = !node.isInherited || Object.hasOwn(value, name);
        this.#read(node, isThere ? (value as Readonly<Record<string, unknown>>)[name] : undefined);
      }
    }
  }

  #readMembers({ each }: ReadPaths, value: Readonly<Record<string, unknown>>): void {
    const names = Object.keys(value);
    this.#put(names.length);
    for (const name of names) {
      this.#put(name);
      if (each !== undefined) this.#read(each, value[name]);
    }
  }

  #put(value: unknown): void {
    if (this.length >= this.#most) return;
    let kept = value;
    let { hash } = this;
    if (typeof value === 'string') {
      const { length } = value;
      hash = Math.imul(hash ^ length, 0x01000193);
      // Short texts whole, of long ones every so many characters.
      for (let at = length - 1, step = (length >> 6) + 1; at >= 0; at -= step)
        hash = Math.imul(hash ^ value.charCodeAt(at), 0x01000193);
    } else if (typeof value === 'number') {
      if (value === 0 && 1 / value < 0) kept = minusZero;
      hash = Math.imul(hash ^ (value | 0), 0x01000193);
    } else {
      if (value === undefined) kept = absent;
      hash = Math.imul(hash ^ (value === true ? 3 : value === undefined ? 5 : 7), 0x01000193);
    }
    this.hash = hash;
    this.values[this.length] = kept;
    this.length += 1;
  }
}
