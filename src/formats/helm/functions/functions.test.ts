// SPDX-License-Identifier: Apache-2.0
// What functions give is what Helm 4.2 gives; test/e2e/helm-charts.test.ts asks the real one.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseGoTemplate } from '../../go-template/parse.ts';
import { ChartRendering } from '../template.ts';
import { functions } from './index.ts';

/** The text, or why Helm would refuse. */
function rendered(template: string, dot: unknown = {}): string {
  const parsed = parseGoTemplate(template);
  if (parsed.kind === 'fault') return `refused: ${parsed.message}`;
  const rendering = new ChartRendering();
  const { text } = rendering.render(parsed.nodes, dot, parsed.definitions);
  const [refusal] = rendering.refusals;
  return refusal === undefined ? text : `refused: ${refusal}`;
}

describe('functions of templates', () => {
  it.each([
    ['{{ trunc 5 "hello world" }}|{{ trunc -5 "hello world" }}|{{ trunc 3 "häl" }}', 'hello|world|hä'],
    [
      '{{ title "hello it\'s me" }} {{ untitle "Hello World" }} {{ swapcase "aBc" }} {{ initials "John Paul" }}',
      "Hello It'S Me hello world AbC JP",
    ],
    [
      '{{ snakecase "HTTPServer2Go" }} {{ kebabcase "FooBar" }} {{ camelcase "_foo__bar-baz" }}',
      'http_server2_go foo-bar _Foo_BarBaz',
    ],
    ['{{ trimAll "$" "$5$" }} {{ trimSuffix "-" "a--" }} {{ trimPrefix "-" "-a" }} [{{ trim "  a " }}]', '5 a- a [a]'],
    [
      '{{ substr 2 4 "hello" }} {{ abbrev 5 "hello world" }} {{ repeat 3 "ab" }} {{ replace "l" "L" "hello" }}',
      'll he... ababab heLLo',
    ],
    [
      '{{ quote "a\\"b" nil 1 }} {{ squote "it\'s" }} {{ cat "a" nil 1 }} {{ indent 2 "a" }} {{ plural "one" "many" 2 }}',
      '"a\\"b" "1" \'it\'s\' a 1   a many',
    ],
    [
      '{{ join "," (list 1 nil "a" 2.5) }} {{ splitList "." "a.b" }} {{ (split "." "a.b")._1 }} {{ sortAlpha (list "b" "a") }}',
      '1,a,2.5 [a b] b [a b]',
    ],
    ['{{ wrap 5 "hello world" }} {{ nospace " a b" }}', 'hello\nworld ab'],
    [
      '{{ print "a" 1 2 "b" }} {{ printf "%05d|%-4s|%.2f|%q|%x|%t|%T" 42 "ab" 3.14159 "x" 255 true 1.5 }}',
      'a1 2b 00042|ab  |3.14|"x"|ff|true|float64',
    ],
    [
      '{{ printf "%d %s" "a" }} {{ printf "%s" nil }} {{ printf "a" 1 }} {{ printf "%[2]d %[1]d" 1 2 }}',
      '%!d(string=a) %!s(MISSING) %!s(<nil>) a%!(EXTRA int=1) 2 1',
    ],
    [
      "{{ 1000000.0 }} {{ 123456.0 }} {{ 0.00001 }} {{ 1e100 }} {{ add 999999 1 }} {{ 1.50 }} {{ 0x1F }} {{ 1_000 }} {{ 'a' }}",
      '1e+06 123456 1e-05 1e+100 1000000 1.5 31 1000 97',
    ],
    [
      '{{ add 1.9 "2" true }} {{ sub 5 7 }} {{ mul 2 3 }} {{ div -7 2 }} {{ mod -7 3 }} {{ max 1 5 }} {{ min 4 2 }}',
      '4 -2 6 -3 -1 5 2',
    ],
    [
      '{{ addf 0.1 0.2 }} {{ mulf 1.1 1.1 }} {{ divf 1 3 }} {{ round 2.345 2 }} {{ ceil 1.2 }} {{ floor -1.2 }}',
      '0.3 1.21 0.3333333333333333 2.35 2 -2',
    ],
    [
      '{{ int "08" }} {{ int "010" }} {{ int "0x1f" }} {{ int 1.9 }} {{ int "abc" }} {{ int64 12345678901234567890.0 }} {{ atoi "4x" }} {{ float64 "1e3" }}',
      '0 8 31 1 0 -9223372036854775808 0 1000',
    ],
    ['{{ until 3 }} {{ untilStep 5 0 -2 }} {{ seq 0 2 6 }} {{ len "ä" }}', '[0 1 2] [5 3 1] 0 2 4 6 2'],
    ['{{ dict "b" (list 1 nil true) "a" 1.5 }} {{ list 1 "a" nil }}', 'map[a:1.5 b:[1 <nil> true]] [1 a <nil>]'],
    [
      '{{ merge (dict "a" 0 "c" (dict "x" 1)) (dict "a" 1 "b" 2 "c" (dict "x" 2 "y" 3)) | toJson }}',
      '{"a":1,"b":2,"c":{"x":1,"y":3}}',
    ],
    [
      '{{ mergeOverwrite (dict "a" 1 "c" (dict "x" 1)) (dict "a" 0 "c" (dict "y" 3)) | toJson }}',
      '{"a":0,"c":{"x":1,"y":3}}',
    ],
    [
      '{{ dig "a" "b" "d" (dict "a" (dict "b" "found")) }} {{ dig "a" "q" "d" (dict "a" (dict)) }} {{ get (dict) "a" | quote }} {{ pick (dict "a" 1 "b" 2) "a" }} {{ omit (dict "a" 1 "b" 2) "a" }}',
      'found d "" map[a:1] map[b:2]',
    ],
    [
      '{{ first (list 1 2) }} {{ last (list 1 2) }} {{ rest (list 1 2) }} {{ initial (list 1 2) }} {{ reverse (list 1 2) }} {{ uniq (list 1 1 2) }} {{ without (list 1 2) 1 }} {{ compact (list 0 "" 1) }}',
      '1 2 [2] [1] [2 1] [1 2] [2] [1]',
    ],
    [
      '{{ has 1 (list 1.0) }} {{ has 1 (list 1) }} {{ slice (list 1 2 3) 1 }} {{ chunk 2 (list 1 2 3) }} {{ concat (list 1) (list 2) }} {{ append (list 1) 2 }}',
      'false true [2 3] [[1 2] [3]] [1 2] [1 2]',
    ],
    [
      '{{ and 1 0 2 }} {{ or 0 "x" }} {{ not 0 }} {{ default 5 0 }} {{ coalesce nil "" "a" }} {{ ternary 1 2 false }} {{ empty (dict) }} {{ eq 1 2 1 }} {{ lt "a" "b" }} {{ eq nil nil }}',
      '0 x true 5 a 2 true true true true',
    ],
    [
      '{{ kindOf 1.5 }} {{ typeOf (list) }} {{ kindIs "map" (dict) }} {{ deepEqual (list 1) (list 1) }} {{ index (dict "a" (list 7)) "a" 0 }}',
      'float64 []interface {} true true 7',
    ],
    [
      '{{ b64enc "ä" }} {{ b64dec "YQ==" }} {{ b64dec "!!" }} {{ b32enc "abc" }} {{ b32dec "MFRGG===" }} {{ sha256sum "a" | trunc 8 }} {{ adler32sum "Wikipedia" }}',
      'w6Q= a illegal base64 data at input byte 0 MFRGG=== abc ca978112 300286872',
    ],
    [
      '{{ regexMatch "^a" "ab" }} {{ regexFind "[0-9]+" "a12b" }} {{ regexFindAll "[aeiou]" "education" 3 }} {{ regexReplaceAll "a(x*)b" "-ab-axxb-" "${1}W" }} {{ regexReplaceAllLiteral "a" "banana" "$1" }} {{ regexSplit "z+" "pizza" -1 }} {{ regexQuoteMeta "a.b" }}',
      'true 12 [e u a] -W-xxW- b$1n$1n$1 [pi a] a\\.b',
    ],
    [
      '{{ toJson (dict "b" "<" "a" 1e21) }} {{ toRawJson "<" }} {{ toPrettyJson (list 1) }} {{ toYaml (dict "a" (list 1 (dict "b" "yes"))) }}',
      '{"a":1e+21,"b":"\\u003c"} "<" [\n  1\n] a:\n- 1\n- b: "yes"',
    ],
    [
      '{{ fromYaml "a: 0x10\\nb: yes" | toJson }} {{ fromJson "{\\"a\\": 1e3}" }} {{ fromYamlArray "- 1" }} {{ hasKey (fromJson "{") "Error" }} {{ (fromToml "a = 1").a }}',
      '{"a":16,"b":true} map[a:1000] [1] true 1',
    ],
    [
      '{{ (urlParse "https://u:p@h:8/p%20q?x#f").path }} {{ urlJoin (dict "scheme" "s" "host" "h" "path" "p q") }} {{ urlquery "a b" }} {{ html "<a>" }} {{ js "\'<" }}',
      "/p q s://h/p%20q a+b &lt;a&gt; \\'\\u003C",
    ],
    [
      '{{ base "a/b.c" }} {{ dir "a/b.c" }} {{ clean "a/../b//c" }} {{ ext "a.b" }} {{ isAbs "/a" }}',
      'b.c a b/c .b true',
    ],
    [
      '{{ semverCompare ">=1.19-0" "v1.25.3-gke.1" }} {{ semverCompare "^1.2" "2.0.0" }} {{ semverCompare "~1.2.3" "1.2.9" }} {{ semverCompare "1.x || >=3" "3.1.0" }} {{ semverCompare "1.2 - 1.4" "1.4.9" }} {{ (semver "1.2.3-a+b").Prerelease }} {{ semver "1.2" }}',
      'true false true true true a 1.2.0',
    ],
  ])('%s', (template, expected) => {
    expect(rendered(template)).toBe(expected);
  });

  it.each([
    ['{{ upper 5 }}', 'expected string; got int'],
    ['{{ trunc 5 nil }}', 'invalid value; expected string'],
    ['{{ eq 1 1.5 }}', 'incompatible types'],
    ['{{ index (list 1) 3 }}', 'out of range'],
    ['{{ div 1 0 }}', 'divide by zero'],
    ['{{ required "a name is needed" "" }}', 'a name is needed'],
    ['{{ fail "no" }}', 'no'],
    ['{{ dig "a" "b" "d" (dict "a" 1) }}', 'interface conversion'],
    ['{{ env "HOME" }}', 'not defined'],
    ['{{ .a.b.c }}', 'nil pointer evaluating interface {}.c'],
    ['{{ include "none" . }}', 'no template "none"'],
  ])('%s is refused', (template, words) => {
    expect(rendered(template, { a: {} })).toMatch(/^refused: /);
    expect(rendered(template, { a: {} })).toContain(words);
  });

  it.each(['{{ randAlphaNum 5 }}', '{{ now }}', '{{ genCA "a" 1 | toJson }}', '{{ uuidv4 | upper }}'])(
    '%s is not known',
    (template) => {
      expect(rendered(`a: ${template}`)).toBe('a: unresolved');
    },
  );

  it('leave what is not known where it stands', () => {
    expect(rendered('{{ $d := dict "a" uuidv4 "b" 1 }}{{ $d.b }} {{ toYaml $d }} {{ default "x" uuidv4 }}')).toBe(
      '1 a: unresolved\nb: 1 x',
    );
  });

  it('change dictionaries that they are given, as in Helm', () => {
    expect(rendered('{{ $_ := set .a "b" 1 }}{{ .a.b }}{{ $_ := unset .a "b" }}{{ .a.b }}', { a: {} })).toBe('1');
  });

  it('never throw anything of their own, and end', () => {
    const value = fc.constantFrom(
      '.',
      '.a',
      '.none',
      '1',
      '1.5',
      '"a"',
      '"%s*["',
      '(list 1 "a")',
      '(dict "a" 1)',
      'nil',
      'true',
      '-3',
    );
    const call = fc.tuple(fc.constantFrom(...Object.keys(functions)), fc.array(value, { maxLength: 4 }));
    fc.assert(
      fc.property(call, ([name, values]) => {
        rendered(`{{ ${name} ${values.join(' ')} }}`, { a: { b: [1] } });
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    '{{ $x := "A" }}{{ range until 19 }}{{ $x = print $x $x }}{{ end }}{{ snakecase $x }}',
    '{{ $x := " " }}{{ range until 19 }}{{ $x = print $x $x }}{{ end }}{{ trim (print "a" $x "b") }}{{ base (replace " " "/" $x) }}',
    '{{ $x := list 1 }}{{ range until 60 }}{{ $x = concat $x $x }}{{ end }}{{ len $x }}',
    '{{ range until 9000 }}{{ printf "%99999d" 1 }}{{ end }}',
    '{{ $x := "\\n" }}{{ range until 19 }}{{ $x = print $x $x }}{{ end }}{{ indent 9000 $x }}',
    '{{ range until 9999 }}{{ range until 9999 }}{{ $x := splitList "" "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" }}{{ end }}{{ end }}',
  ])('stay bounded (%#)', { timeout: 20_000 }, (template) => {
    expect(rendered(template).length).toBeLessThanOrEqual(6_000_000);
  });
});
