// SPDX-License-Identifier: Apache-2.0
// Well-typed CEL expressions at random: operators, conversions, macros, standard functions and the strings extension, over a fixed set of variables. What
// both engines of the differential test are meant to know; not protocol buffers, optionals and the libraries of Kubernetes.

/** A source of random numbers that gives the same for the same seed (mulberry32). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  }

  pick<Item>(items: readonly [Item, ...Item[]]): Item {
    return items[this.below(items.length)] ?? items[0];
  }
}

export type ExpressionType =
  | 'int'
  | 'uint'
  | 'double'
  | 'bool'
  | 'string'
  | 'bytes'
  | 'duration'
  | 'timestamp'
  | 'list(int)'
  | 'list(string)'
  | 'map(string, int)';

/** Variables of an expression by type; the values are in cel-oracle.ts. */
export const variables: Readonly<Record<string, ExpressionType>> = {
  x: 'int',
  y: 'int',
  u: 'uint',
  d: 'double',
  s: 'string',
  t: 'string',
  b: 'bool',
  l: 'list(int)',
  ls: 'list(string)',
  m: 'map(string, int)',
};

type Maker = (from: Generator, depth: number) => string;

const scalars: readonly [ExpressionType, ...ExpressionType[]] = ['int', 'uint', 'double', 'bool', 'string', 'bytes'];
const numbers: readonly [ExpressionType, ...ExpressionType[]] = ['int', 'uint', 'double'];
const all: readonly [ExpressionType, ...ExpressionType[]] = [
  ...scalars,
  'duration',
  'timestamp',
  'list(int)',
  'list(string)',
  'map(string, int)',
];

const literals: Readonly<Record<ExpressionType, readonly [string, ...string[]]>> = {
  int: [
    '0',
    '1',
    '-1',
    '2',
    '3',
    '7',
    '10',
    '-5',
    '100',
    '9223372036854775807',
    '-9223372036854775808',
    '4294967296',
    '0x1F',
  ],
  uint: ['0u', '1u', '2u', '7u', '18446744073709551615u', '0xFFu'],
  double: ['0.0', '1.0', '-1.5', '2.5', '1e3', '1e-3', '1.7976931348623157e308', '3.0', '0.1'],
  bool: ['true', 'false'],
  string: [
    '""',
    '"a"',
    '"abc"',
    '"Abc DEF"',
    '"héllo"',
    '"😀x"',
    '"1"',
    '"-12"',
    '"2.5"',
    '"true"',
    "'it\\'s'",
    '"\\n\\t"',
    'r"\\d+"',
    '"a,b,c"',
  ],
  bytes: ['b""', 'b"a"', 'b"abc"', 'b"\\xff"', 'b"\\303\\277"'],
  duration: ['duration("1s")', 'duration("-1.5s")', 'duration("1h30m")', 'duration("0s")', 'duration("100ms")'],
  timestamp: [
    'timestamp("2009-02-13T23:31:30Z")',
    'timestamp("1970-01-01T00:00:00Z")',
    'timestamp("2024-02-29T12:00:00.5+02:00")',
    'timestamp("9999-12-31T23:59:59Z")',
  ],
  'list(int)': ['[]', '[1]', '[1, 2, 3]', '[3, 1, 2, 1]'],
  'list(string)': ['[]', '["a"]', '["b", "a", "c"]', '["", "a,b"]'],
  'map(string, int)': ['{}', '{"a": 1}', '{"a": 1, "b": 2, "c d": 3}'],
};

function binary(operators: readonly [string, ...string[]], left: ExpressionType, right: ExpressionType = left): Maker {
  return (from, depth) => `(${from.make(left, depth)} ${from.pick(operators)} ${from.make(right, depth)})`;
}

function call(name: string, ...types: readonly ExpressionType[]): Maker {
  return (from, depth) => `${name}(${types.map((type) => from.make(type, depth)).join(', ')})`;
}

function member(name: string, receiver: ExpressionType, ...types: readonly ExpressionType[]): Maker {
  return (from, depth) =>
    `${from.make(receiver, depth)}.${name}(${types.map((type) => from.make(type, depth)).join(', ')})`;
}

/** `range.macro(i, body)` with a variable of the element's type in scope. */
function macro(name: string, range: ExpressionType, [element, body]: readonly [ExpressionType, ExpressionType]): Maker {
  return (from, depth) => {
    const over = from.make(range, depth);
    return from.withVariable(element, (variable) => `${over}.${name}(${variable}, ${from.make(body, depth)})`);
  };
}

const arithmetic: readonly [string, ...string[]] = ['+', '-', '*'];
const order: readonly [string, ...string[]] = ['<', '<=', '>', '>='];
const getters: readonly [string, ...string[]] = [
  'getFullYear',
  'getMonth',
  'getDate',
  'getDayOfMonth',
  'getDayOfWeek',
  'getDayOfYear',
  'getHours',
  'getMinutes',
  'getSeconds',
  'getMilliseconds',
];

const makers: Readonly<Record<ExpressionType, readonly [Maker, ...Maker[]]>> = {
  int: [
    binary([...arithmetic, '/', '%'], 'int'),
    (from, depth) => `-(${from.make('int', depth)})`,
    (from, depth) =>
      `size(${from.make(from.pick(['string', 'bytes', 'list(int)', 'list(string)', 'map(string, int)']), depth)})`,
    (from, depth) => `int(${from.make(from.pick(['uint', 'double', 'int']), depth)})`,
    call('int', 'string'),
    call('int', 'timestamp'),
    (from, depth) => `${from.make('list(int)', depth)}[${from.make('int', depth)}]`,
    (from, depth) => `${from.make('map(string, int)', depth)}[${from.make('string', depth)}]`,
    (from, depth) => `${from.make('map(string, int)', depth)}.a`,
    (from, depth) => `${from.make('timestamp', depth)}.${from.pick(getters)}()`,
    (from, depth) => `${from.make('duration', depth)}.${from.pick(['getHours', 'getMinutes', 'getSeconds'])}()`,
    member('indexOf', 'string', 'string'),
    member('lastIndexOf', 'string', 'string'),
    member('size', 'list(string)'),
  ],
  uint: [
    binary([...arithmetic, '/', '%'], 'uint'),
    (from, depth) => `uint(${from.make(from.pick(['int', 'double', 'uint']), depth)})`,
    call('uint', 'string'),
  ],
  double: [
    binary([...arithmetic, '/'], 'double'),
    (from, depth) => `-(${from.make('double', depth)})`,
    (from, depth) => `double(${from.make(from.pick(['int', 'uint', 'double']), depth)})`,
    call('double', 'string'),
  ],
  bool: [
    (from, depth) => {
      const type = from.pick(all);
      return `(${from.make(type, depth)} ${from.pick(['==', '!='])} ${from.make(type, depth)})`;
    },
    (from, depth) => binary(order, from.pick([...scalars, 'duration', 'timestamp']))(from, depth),
    (from, depth) =>
      `(dyn(${from.make(from.pick(numbers), depth)}) ${from.pick([...order, '==', '!='])} ${from.make(from.pick(numbers), depth)})`,
    binary(['&&', '||'], 'bool'),
    (from, depth) => `!${from.make('bool', depth)}`,
    (from, depth) => `(${from.make('int', depth)} in ${from.make('list(int)', depth)})`,
    (from, depth) =>
      `(${from.make('string', depth)} in ${from.make(from.pick(['list(string)', 'map(string, int)']), depth)})`,
    (from, depth) =>
      `${from.make('string', depth)}.${from.pick(['contains', 'startsWith', 'endsWith'])}(${from.make('string', depth)})`,
    (from, depth) =>
      `${from.make('string', depth)}.matches(${from.pick(['"a"', '"^a.*c$"', '"[0-9]+"', 'r"\\w+"', '"(a|b)+"', '"(?i)ABC"', '"^$"'])})`,
    (from, depth) => macro(from.pick(['all', 'exists', 'exists_one']), 'list(int)', ['int', 'bool'])(from, depth),
    (from, depth) =>
      macro(from.pick(['all', 'exists', 'exists_one']), 'map(string, int)', ['string', 'bool'])(from, depth),
    (from, depth) => `has(${from.make('map(string, int)', depth)}.${from.pick(['a', 'b', 'zz'])})`,
    (from, depth) => {
      const [left, right] = [from.pick(all), from.pick(all)];
      return `(type(${from.make(left, depth)}) == type(${from.make(right, depth)}))`;
    },
    (from, depth) => `bool(${from.make(from.pick(['string', 'bool']), depth)})`,
  ],
  string: [
    binary(['+'], 'string'),
    (from, depth) => `string(${from.make(from.pick([...scalars, 'duration', 'timestamp']), depth)})`,
    (from, depth) => `${from.make('list(string)', depth)}[${from.make('int', depth)}]`,
    (from, depth) => `${from.make('string', depth)}.${from.pick(['lowerAscii', 'upperAscii', 'trim'])}()`,
    member('charAt', 'string', 'int'),
    member('substring', 'string', 'int'),
    member('substring', 'string', 'int', 'int'),
    member('replace', 'string', 'string', 'string'),
    // The number of replacements stays small: the other engine counts up to it.
    (from, depth) =>
      `${from.make('string', depth)}.replace(${from.make('string', depth)}, ${from.make('string', depth)}, ${from.pick(['-1', '0', '1', '2'])})`,
    (from, depth) => `${from.make('list(string)', depth)}.join(${from.pick(['', '","'])})`,
  ],
  bytes: [binary(['+'], 'bytes'), (from, depth) => `bytes(${from.make(from.pick(['string', 'bytes']), depth)})`],
  duration: [
    binary(['+', '-'], 'duration'),
    binary(['-'], 'timestamp'),
    (from, depth) => `duration(${from.make('duration', depth)})`,
  ],
  timestamp: [
    binary(['+', '-'], 'timestamp', 'duration'),
    (from, depth) => `(${from.make('duration', depth)} + ${from.make('timestamp', depth)})`,
    call('timestamp', 'int'),
  ],
  'list(int)': [
    binary(['+'], 'list(int)'),
    (from, depth) => `[${from.make('int', depth)}, ${from.make('int', depth)}]`,
    macro('filter', 'list(int)', ['int', 'bool']),
    macro('map', 'list(int)', ['int', 'int']),
    macro('map', 'list(string)', ['string', 'int']),
    (from, depth) => {
      const over = from.make('list(int)', depth);
      return from.withVariable(
        'int',
        (name) => `${over}.map(${name}, ${from.make('bool', depth)}, ${from.make('int', depth)})`,
      );
    },
  ],
  'list(string)': [
    binary(['+'], 'list(string)'),
    (from, depth) => `[${from.make('string', depth)}]`,
    macro('filter', 'list(string)', ['string', 'bool']),
    macro('map', 'list(int)', ['int', 'string']),
    (from, depth) => `${from.make('string', depth)}.split(${from.pick(['","', '"a"', '""'])})`,
    macro('map', 'map(string, int)', ['string', 'string']),
  ],
  'map(string, int)': [
    (from, depth) => `{${from.make('string', depth)}: ${from.make('int', depth)}}`,
    (from, depth) => `{"a": ${from.make('int', depth)}, ${from.make('string', depth)}: ${from.make('int', depth)}}`,
  ],
};

class Generator {
  readonly #random: Random;
  readonly #scope: { readonly name: string; readonly type: ExpressionType }[] = [];

  constructor(random: Random) {
    this.#random = random;
  }

  pick<Item>(items: readonly [Item, ...Item[]]): Item {
    return this.#random.pick(items);
  }

  make(type: ExpressionType, depth: number): string {
    if (depth <= 0 || this.#random.below(5) === 0) return this.#leaf(type);
    if (this.#random.below(12) === 0)
      return `(${this.make('bool', depth - 1)} ? ${this.make(type, depth - 1)} : ${this.make(type, depth - 1)})`;
    return this.pick(makers[type])(this, depth - 1);
  }

  withVariable(type: ExpressionType, body: (name: string) => string): string {
    const name = `i${this.#scope.length}`;
    this.#scope.push({ name, type });
    const text = body(name);
    this.#scope.pop();
    return text;
  }

  #leaf(type: ExpressionType): string {
    const names = [
      ...this.#scope.filter((local) => local.type === type).map(({ name }) => name),
      ...Object.keys(variables).filter((name) => variables[name] === type),
    ];
    const [first, ...rest] = names;
    if (first !== undefined && this.#random.below(2) === 0) return this.pick([first, ...rest]);
    return this.pick(literals[type]);
  }
}

/** One expression of any type. */
export function randomExpression(random: Random): string {
  const generator = new Generator(random);
  return generator.make(random.pick(['bool', 'bool', ...all]), 1 + random.below(4));
}
