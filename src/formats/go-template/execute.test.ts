// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { executeGoTemplate } from './execute.ts';

const data = { name: 'web', list: ['a', 'b'], map: { y: 2, x: 1 }, none: null, flag: false, zero: 0 };

function run(template: string): string {
  const result = executeGoTemplate(template, data);
  return result.kind === 'text' ? result.text : `fault: ${result.message}`;
}

describe('a Go template', () => {
  it.each([
    ['{{ .name }}', 'web'],
    ['{{ .missing }}', '<no value>'],
    ['{{ .missing.deeper }}', '<no value>'],
    ['{{ .map }} {{ .list }}', 'map[x:1 y:2] [a b]'],
    ['a  {{- " b " -}}  c', 'a b c'],
    ['{{/* nothing */}}x', 'x'],
    ['{{ if .flag }}a{{ else if .list }}b{{ else }}c{{ end }}', 'b'],
    ['{{ if not .zero }}empty{{ end }}', 'empty'],
    ['{{ range .list }}<{{ . }}>{{ end }}', '<a><b>'],
    ['{{ range $k, $v := .map }}{{ $k }}={{ $v }};{{ end }}', 'x=1;y=2;'],
    ['{{ range $i, $v := .list }}{{ $i }}{{ $v }}{{ end }}', '0a1b'],
    ['{{ range .none }}a{{ else }}nothing{{ end }}', 'nothing'],
    ['{{ with .map }}{{ .x }}{{ $.name }}{{ end }}', '1web'],
    ['{{ $x := "a" }}{{ if true }}{{ $x = "b" }}{{ end }}{{ $x }}', 'b'],
    ['{{ $x := "a" }}{{ if true }}{{ $x := "b" }}{{ $x }}{{ end }}{{ $x }}', 'ba'],
    ['{{ and .name .flag }} {{ or .flag .name }} {{ and .name .map.x }}', 'false web 1'],
    ['{{ and .missing .name }}', '<no value>'],
    ['{{ eq .name "x" "web" }} {{ ne .zero 1 }} {{ lt 1 2 }} {{ ge "b" "a" }}', 'true true true true'],
    ['{{ eq .missing false }}', 'false'],
    ['{{ len .list }}{{ len "ä" }} {{ index .map "x" }} {{ index .list 1 }}', '22 1 b'],
    ['{{ print "a" .zero .map.x "b" }} {{ printf "%s-%d%%" .name 3 }}', 'a0 1b web-3%'],
    ['{{ .name | printf "%q" }}', '"web"'],
    ['{{ (index .list 0) }} {{ (print .name "s") | len }}', 'a 4'],
    ['{{ `raw "text"` }} {{ "a\\tb" }}', 'raw "text" a\tb'],
  ])('%s gives %j', (template, expected) => {
    expect(run(template)).toBe(expected);
  });

  it.each([
    ['{{ if .a }}', 'has no {{end}}'],
    ['{{ end }}', 'unexpected'],
    ['{{ .a ', 'not closed'],
    ['{{ unknown .a }}', 'not defined'],
    ['{{ template "x" }}', 'not supported'],
    ['{{ .name.deeper }}', "can't evaluate"],
    ['{{ lt 1 "a" }}', 'incompatible'],
    ['{{ $x = 1 }}', 'not declared'],
    ['{{ index .list 9 }}', 'out of range'],
    ['{{ ( }}', 'missing'],
  ])('%s is a fault', (template, words) => {
    expect(run(template)).toContain('fault: ');
    expect(run(template)).toContain(words);
  });

  it('takes functions', () => {
    const functions = { twice: (value: unknown) => `${String(value)}${String(value)}` };

    expect(executeGoTemplate('{{ twice .name }}', data, functions)).toEqual({ kind: 'text', text: 'webweb' });
  });

  it('never throws and ends', () => {
    const piece = fc.constantFrom(
      '{{',
      '}}',
      '{{-',
      '-}}',
      ' if ',
      ' range ',
      ' end ',
      '$x',
      ':=',
      '.list',
      '(',
      ')',
      '|',
      '"',
      'x',
      ' ',
    );

    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        executeGoTemplate(pieces.join(''), data);
      }),
      { numRuns: 300 },
    );
  });
});
