// SPDX-License-Identifier: Apache-2.0
// The format library (apiserver pkg/cel/library/format.go, Kubernetes 1.31): named formats that say what is wrong with a text.

import type { CelFunction, CelLibrary } from '../declarations.ts';
import { globalOverload } from '../declarations.ts';
import { functionsOf } from '../environment.ts';
import { parseTimestamp } from '../time-text.ts';
import { listOf, optionalOf, stringType } from '../types.ts';
import { CelError, CelOpaque, CelOptional, textOf } from '../values.ts';
import { opaqueKind } from './opaque.ts';
import { parseUrl } from './url.ts';

type Validate = (text: string) => readonly string[];

class CelFormat extends CelOpaque {
  readonly typeName = 'kubernetes.NamedFormat';
  readonly name: string;
  readonly validate: Validate;

  constructor(name: string, validate: Validate) {
    super();
    this.name = name;
    this.validate = validate;
  }

  equals(other: CelOpaque): boolean {
    return other instanceof CelFormat && other.name === this.name;
  }
}

const label = '[a-z0-9](?:[-a-z0-9]{0,252}[a-z0-9])?';
const name = '[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,252}[A-Za-z0-9])?';

function shape(pattern: string, longest: number, description: string): Validate {
  const expression = new RegExp(`^${pattern}$`);
  return (text) => {
    if (text.length > longest) return [`must be no more than ${longest} bytes`];
    return expression.test(text) ? [] : [description];
  };
}

const dns1123Label = shape(
  label,
  63,
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
);
const subdomainText =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const subdomainForm = shape(label, 253, subdomainText);
const dns1123Subdomain: Validate = (text) => {
  if (text.length > 253) return ['must be no more than 253 bytes'];
  return text.split('.').every((part) => subdomainForm(part).length === 0) ? [] : [subdomainText];
};
const dns1035Label = shape(
  '[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?',
  63,
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')",
);
const nameText =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const nameForm = shape(name, 63, nameText);
const valueText =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
const valueForm = shape(name, 63, valueText);
const labelValue: Validate = (text) => (text === '' ? [] : valueForm(text));

const qualifiedName: Validate = (text) => {
  const parts = text.split('/');
  const [first = '', second] = parts;
  if (parts.length > 2)
    return [
      `${nameText.replace('name part', 'a valid label key')} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  const own = second ?? first;
  const problems = own === '' ? ['name part must be non-empty', nameText] : nameForm(own);
  if (second === undefined) return problems;
  if (first === '') return ['prefix part must be non-empty', ...problems];
  return [...dns1123Subdomain(first).map((problem) => `prefix part ${problem}`), ...problems];
};

/** A name to which a suffix will be added may end in a dash. */
function asPrefix(validate: Validate): Validate {
  return (text) => validate(text.endsWith('-') ? `${text.slice(0, -1)}a` : text);
}

function test(is: (text: string) => boolean, problem: string): Validate {
  return (text) => (is(text) ? [] : [problem]);
}

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const uuid = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;

function isTime(text: string): boolean {
  return !(parseTimestamp(text) instanceof CelError);
}

const formats: Readonly<Record<string, Validate>> = {
  dns1123Label,
  dns1123Subdomain,
  dns1035Label,
  qualifiedName,
  dns1123LabelPrefix: asPrefix(dns1123Label),
  dns1123SubdomainPrefix: asPrefix(dns1123Subdomain),
  dns1035LabelPrefix: asPrefix(dns1035Label),
  labelValue,
  uri: (text) => (parseUrl(text) instanceof CelError ? [`parse "${text}": invalid URI for request`] : []),
  uuid: test((text) => uuid.test(text), 'does not match the UUID format'),
  byte: test((text) => base64.test(text), 'invalid base64'),
  date: test((text) => /^\d{4}-\d{2}-\d{2}$/.test(text) && isTime(`${text}T00:00:00Z`), 'invalid date'),
  datetime: test(isTime, 'invalid datetime'),
};

const kind = opaqueKind<CelFormat>('kubernetes.NamedFormat', (value): value is CelFormat => value instanceof CelFormat);
const named = new Map(Object.entries(formats).map(([id, validate]) => [id, new CelFormat(id, validate)]));

/** `format.dns1123Label()` for every format. */
const getters: readonly CelFunction[] = [...named].map(([id, format]) => ({
  name: `format.${id}`,
  overloads: [globalOverload(`format-${id}`, [[], kind.type], () => format)],
}));

export const formatLibrary: CelLibrary = {
  name: 'format',
  constants: kind.constant,
  functions: [
    ...getters,
    ...functionsOf({
      'format.named': [
        globalOverload('format-named', [[stringType], optionalOf(kind.type)], (id = '') => {
          const format = named.get(textOf(id));
          return format === undefined ? CelOptional.none : new CelOptional(format);
        }),
      ],
      validate: [
        kind.method1('format-validate', [stringType, optionalOf(listOf(stringType))], (format, text) => {
          const problems = format.validate(textOf(text));
          return problems.length === 0 ? CelOptional.none : new CelOptional(problems);
        }),
      ],
    }),
  ],
};
