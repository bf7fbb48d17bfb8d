// SPDX-License-Identifier: Apache-2.0
// Where the evaluator once differed from a real API server (kube-apiserver 1.36): each title says what was wrong.
import { describe, expect, it } from 'vitest';
import { kubernetesEnvironment } from './kubernetes.ts';
import { compileCel } from './program.ts';
import { dynType, printType } from './types.ts';
import { CelError } from './values.ts';

const environment = kubernetesEnvironment({ variables: [{ name: 'object', type: dynType }] });

function typeOf(text: string): string {
  const compiled = compileCel(text, environment);
  return compiled.kind === 'program' ? printType(compiled.program.type) : (compiled.faults[0]?.message ?? '');
}

function valueOf(text: string): unknown {
  const compiled = compileCel(text, environment);
  if (compiled.kind === 'fault') return compiled.faults[0]?.message;
  const { value } = compiled.program.evaluate({ object: { metadata: { labels: {} } } });
  return value instanceof CelError ? value.message : value;
}

describe('CEL as the API server has it', () => {
  it.each(["object.labels[?'x'].orValue('-')", "object.?labels['app'].orValue('')"])(
    'takes the type of the default of an optional of what is not known: %s',
    (text) => {
      expect(typeOf(text)).toBe('string');
    },
  );

  it('keeps what is not known where a field of it is optional', () => {
    expect(typeOf("object.?name.orValue('a')")).toBe('dyn');
    expect(typeOf("object.containers[?0].orValue('a')")).toBe('string');
  });

  it('takes lists and maps of several types inside a call of format, and only there', () => {
    expect(valueOf("'%s %d'.format(['a', 5])")).toBe('a 5');
    expect(valueOf("'%s'.format([[1, {'a': true, 'b': null}]])")).toBe('[1, {"a":true, "b":null}]');
    expect(valueOf("['a', 5]")).toBe("expected type 'string' but found 'int'");
  });

  it.each([
    ["'%s'.format([['a\"b']])", '["a\\"b"]'],
    ["'%s'.format([{'k': 'v'}])", '{"k":"v"}'],
    ["'%s'.format([[1.0, 1e21]])", '[1.000000, 1000000000000000000000.000000]'],
    ["'%s'.format([[duration('90s'), b'abc']])", '[duration("90s"), b"abc"]'],
    ["'%e'.format([12345.678])", '1.234568×10⁰⁴'],
    ["'%.2e'.format([0.00001])", '1.000000×10⁻⁰⁵'],
  ])('prints what is inside a list as a literal, and powers of ten as such: %s', (text, wanted) => {
    expect(valueOf(text)).toBe(wanted);
  });

  it('says what a name should look like, with an example', () => {
    expect(valueOf("format.dns1123Label().validate('A_b').value()[0]")).toContain(
      "(e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
    );
    expect(valueOf("format.labelValue().validate('-').value()[0]")).toContain(
      'a valid label must be an empty string or',
    );
  });

  it.each([
    ["'a'.matches('[')", 'invalid matches argument'],
    ["duration('a') > duration('1s')", 'invalid duration argument'],
    ["timestamp('a') > timestamp('2026-01-01T00:00:00Z')", 'invalid timestamp argument'],
  ])('refuses a literal that can only fail: %s', (text, wanted) => {
    expect(valueOf(text)).toBe(wanted);
  });

  it.each([
    [
      "ip('web').family()",
      'IP Address "web" parse error during conversion from string: ParseAddr("web"): unable to parse IP',
    ],
    ["url('web').getHost()", 'URL parse error during conversion from string: parse "web": invalid URI for request'],
    ["semver('web').major()", 'No Major.Minor.Patch elements found'],
    ['dyn([1])[1.5]', 'unsupported index value 1.5 in list'],
    ["dyn('a').size2", 'no such key: size2'],
    ["'abc'.substring(5, 2)", 'invalid substring range. start: 5, end: 2'],
  ])('says in the same words why a value cannot be had: %s', (text, wanted) => {
    expect(valueOf(text)).toBe(wanted);
  });
});
