// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseGoTemplate } from '../go-template/parse.ts';
import type { ChartReading } from './chart.ts';
import { chartFolders, isTemplate, readChart } from './chart.ts';
import { ChartRendering } from './template.ts';

const values = `image: { repository: registry.example/web, tag: "" }
replicas: 2
privileged: true
resources: { limits: { cpu: 1 } }
env:
  - { name: A, value: b }
annotations: {}
hosts: [a.example, b.example]
`;

function read(template: string, extra: Readonly<Record<string, unknown>> = {}): ChartReading {
  return readChart(
    'chart',
    [
      { path: 'chart/Chart.yaml', text: 'name: web\nversion: 1.0.0\nappVersion: "3.2"\n' },
      { path: 'chart/values.yaml', text: values },
      { path: 'chart/templates/_helpers.tpl', text: '{{ define "web.name" }}x{{ end }}' },
      { path: 'chart/templates/tests/test.yaml', text: 'kind: Pod\napiVersion: v1\n' },
      { path: 'chart/templates/web.yaml', text: template },
    ],
    { values: extra },
  );
}

const deployment = `{{- if .Values.privileged }}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "web.fullname" . }}
  labels:
    {{- include "web.labels" . | nindent 4 }}
    app: {{ .Chart.Name | quote }}
  {{- with .Values.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  {{/* not
       this */}}
  replicas: {{ .Values.replicas }}
  template:
    spec:
      containers:
        - name: {{ .Chart.Name }}
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"
          securityContext:
            privileged: {{ .Values.privileged }}
          {{- if .Values.resources }}
          resources:
            {{- toYaml .Values.resources | nindent 12 }}
          {{- else }}
          resources: {}
          {{- end }}
          env:
            {{- range $index, $item := .Values.env }}
            - name: {{ $item.name }}
              value: {{ $item.value | upper | quote }}
            {{- end }}
            - name: NAMESPACE
              value: {{ .Release.Namespace }}
{{- end }}
`;

describe('readChart', () => {
  it('fills in what can be known, at the lines of the template', () => {
    const { resources, problems } = read(deployment);

    const [web] = resources;
    expect(web?.object).toMatchObject({
      metadata: { name: 'unresolved', labels: { app: 'web' } },
      spec: {
        replicas: 2,
        template: {
          spec: {
            containers: [
              {
                name: 'web',
                image: 'registry.example/web:3.2',
                securityContext: { privileged: true },
                resources: { limits: { cpu: 1 } },
                env: [
                  { name: 'A', value: 'B' },
                  { name: 'NAMESPACE', value: 'default' },
                ],
              },
            ],
          },
        },
      },
    });
    expect(web?.object).not.toHaveProperty('metadata.annotations');
    expect(web?.locate(['spec', 'template', 'spec', 'containers', 0, 'securityContext', 'privileged'])).toMatchObject({
      path: 'chart/templates/web.yaml',
      line: 23,
    });
    expect(problems).toEqual([
      {
        kind: 'unsupported',
        message: 'the chart web was read without Helm: 2 of 12 expressions in its templates are unknown',
        location: { path: 'chart/Chart.yaml' },
        hidesFindings: false,
      },
      {
        kind: 'unsupported',
        message:
          'Helm would not render the chart web with these values: no template "web.fullname" associated with template "gotpl"',
        location: { path: 'chart/Chart.yaml' },
        hidesFindings: false,
      },
    ]);
  });

  it('takes other values', () => {
    expect(read(deployment, { privileged: false }).resources).toEqual([]);
    expect(read(deployment, { image: { tag: '9' } }).resources[0]?.object).toHaveProperty(
      'spec.template.spec.containers[0].image',
      'registry.example/web:9',
    );
  });

  it('puts blocks among members of their own level', () => {
    const { resources, unresolved } = read(
      'apiVersion: v1\nkind: Pod\nspec:\n  {{- toYaml .Values.resources | nindent 2 }}\n  hostNetwork: true\n',
    );

    expect(resources[0]?.object).toMatchObject({ spec: { hostNetwork: true, limits: { cpu: 1 } } });
    expect(unresolved).toBe(0);
  });

  it('puts blocks among items of their own level', () => {
    const { resources, unresolved } = read(
      'apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    {{- toYaml .Values.env | nindent 4 }}\n    - name: b\n',
    );

    expect(resources[0]?.object).toMatchObject({ spec: { containers: [{ name: 'A', value: 'b' }, { name: 'b' }] } });
    expect(resources[0]?.locate(['spec', 'containers', 0, 'value']).line).toBe(5);
    expect(resources[0]?.locate(['spec', 'containers', 1, 'name']).line).toBe(6);
    expect(unresolved).toBe(0);
  });

  it('renders named templates of the chart', () => {
    const helpers = `{{- define "web.name" -}}
{{- if .Values.nameOverride }}
{{- .Values.nameOverride }}
{{- else }}
{{- $name := default .Chart.Name .Values.short }}
{{- printf "%s-%s" .Release.Name $name | trunc 63 | trimSuffix "-" }}
{{- end }}
{{- end }}
{{- define "web.labels" -}}
app: {{ include "web.name" . }}
{{- if .Chart.AppVersion }}
version: {{ .Chart.AppVersion | quote }}
{{- end }}
{{- end }}
`;
    const template = `apiVersion: v1
kind: Service
metadata:
  name: {{ include "web.name" . }}
  labels:
    {{- include "web.labels" . | nindent 4 }}
    extra: {{ template "web.name" . }}
spec:
  type: {{ include "gone" . }}
`;
    const { resources, unresolved } = readChart('', [
      { path: 'Chart.yaml', text: 'name: web\nappVersion: "3"\n' },
      { path: 'templates/_helpers.tpl', text: helpers },
      { path: 'templates/service.yaml', text: template },
    ]);

    expect(resources[0]?.object).toMatchObject({
      metadata: { name: 'release-web', labels: { app: 'release-web', version: '3', extra: 'release-web' } },
      spec: { type: 'unresolved' },
    });
    expect(resources[0]?.locate(['spec', 'type']).line).toBe(9);
    expect(unresolved).toBe(1);
  });

  it('gives charts inside of others the values and named templates of those', () => {
    const { resources } = readChart('web/charts/db', [
      { path: 'web/Chart.yaml', text: 'name: web\n' },
      { path: 'web/values.yaml', text: 'db: { port: 7 }\nglobal: { zone: z }\n' },
      { path: 'web/templates/_helpers.tpl', text: '{{ define "shared" }}from-web{{ end }}' },
      { path: 'web/charts/db/Chart.yaml', text: 'name: db\n' },
      { path: 'web/charts/db/values.yaml', text: 'port: 1\nhost: h\n' },
      {
        path: 'web/charts/db/templates/a.yaml',
        text: 'apiVersion: v1\nkind: Service\nmetadata: { name: {{ include "shared" . }} }\nspec: { a: {{ .Values.port }}, b: {{ .Values.host }}, c: {{ .Values.global.zone }} }\n',
      },
    ]);

    expect(resources[0]?.object).toMatchObject({ metadata: { name: 'from-web' }, spec: { a: 7, b: 'h', c: 'z' } });
  });

  describe('with loops', () => {
    const services = (head: string, body = ''): ChartReading =>
      read(
        `{{- range ${head} }}\n---\napiVersion: v1\nkind: Service\nmetadata:\n  name: {{ . }}\n${body}{{- end }}\n---\napiVersion: v1\nkind: Pod\nmetadata: { name: last }\n`,
        { of: { b: 'two', a: 'one' }, none: [] },
      );
    const names = ({ resources }: ChartReading): readonly unknown[] =>
      resources.map(({ object }) => (object['metadata'] as Readonly<Record<string, unknown>>)['name']);

    it('goes through all items, mappings in the order of their keys', () => {
      expect(names(services('.Values.hosts'))).toEqual(['a.example', 'b.example', 'last']);
      expect(names(services('.Values.of'))).toEqual(['one', 'two', 'last']);
      expect(names(services('.Values.none'))).toEqual(['last']);
      expect(names(services('.Files.things'))).toHaveLength(2);
    });

    it('names the lines of the template, also behind a loop', () => {
      const { resources } = services('.Values.hosts');

      expect(resources.map((resource) => resource.locate(['metadata', 'name']).line)).toEqual([6, 6, 11]);
      expect(resources.map((resource) => resource.locate(['kind']).line)).toEqual([4, 4, 10]);
    });

    it('goes through loops in loops, and in named templates', () => {
      const { resources } = read(
        '{{ define "all" }}{{- range .Values.hosts }}{{ . }};{{- end }}{{ end }}apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ include "all" . }}\nspec:\n  x:\n  {{- range $i, $h := .Values.hosts }}\n  {{- range $.Values.env }}\n  - {{ $i }}-{{ $h }}-{{ .name }}\n  {{- end }}\n  {{- end }}\n  z: 1\n',
      );

      expect(resources[0]?.object).toMatchObject({
        metadata: { name: 'a.example;b.example;' },
        spec: { x: ['0-a.example-A', '1-b.example-A'], z: 1 },
      });
    });

    it('leaves a loop where it says so', () => {
      const text = (word: string): string =>
        `apiVersion: v1\nkind: Pod\nspec:\n  x:\n  - first\n  {{- range .Values.hosts }}\n  {{- if eq . "a.example" }}{{ ${word} }}{{ end }}\n  - {{ . }}\n  {{- end }}\n`;

      expect(read(text('continue')).resources[0]?.object).toMatchObject({ spec: { x: ['first', 'b.example'] } });
      expect(read(text('break')).resources[0]?.object).toMatchObject({ spec: { x: ['first'] } });
    });

    it('stays bounded', () => {
      const open = '{{ range .Values.many }}';
      const { actions } = read(open.repeat(10) + 'x: {{ . }}\n' + '{{ end }}'.repeat(10), {
        many: Array.from({ length: 300 }, (_, index) => index),
      });
      expect(actions).toBeLessThan(20_000);
    });
  });

  it('puts texts into literal blocks as they are, and names the lines of the template', () => {
    const { resources, problems } = readChart('c', [
      { path: 'c/Chart.yaml', text: 'name: c\n' },
      { path: 'c/values.yaml', text: 'script: |\n  if a; then\n    b\n  fi\n' },
      { path: 'c/conf/app.yaml', text: 'x: 1\ny: 2\n' },
      {
        path: 'c/templates/a.yaml',
        text: 'apiVersion: v1\nkind: ConfigMap\ndata:\n  a: |\n    {{- .Values.script | nindent 4 }}\n  b: |-\n    {{- .Files.Get "conf/app.yaml" | nindent 4 }}\n  c: {{ tpl "{{ .Chart.Name }}" . }}\n  d: {{ .Files.Get "other.bin" }}\n',
      },
    ]);

    expect(resources[0]?.object['data']).toEqual({
      a: 'if a; then\n  b\nfi\n',
      b: 'x: 1\ny: 2',
      c: 'c',
      d: 'unresolved',
    });
    expect(resources[0]?.locate(['data', 'c']).line).toBe(8);
    expect(problems).toHaveLength(1);
  });

  it('says what the schema of the values does not take', () => {
    const schema = { type: 'object', properties: { port: { type: 'integer', minimum: 1 } } };
    const files = [
      { path: 'Chart.yaml', text: 'name: web\n' },
      { path: 'values.yaml', text: 'port: 1\n' },
      { path: 'values.schema.json', text: JSON.stringify(schema) },
      { path: 'templates/a.yaml', text: 'apiVersion: v1\nkind: Pod\n' },
    ];

    expect(readChart('', files).refusals).toEqual([]);
    expect(readChart('', files, { values: { port: 0 } }).refusals).toEqual([
      expect.stringContaining('web: at /port: '),
    ]);
  });

  it('says why Helm would not render it, and reads the rest', () => {
    const { resources, refusals, problems } = read(
      'apiVersion: v1\nkind: Pod\nmetadata: { name: {{ required "a name is needed" .Values.name }} }\nspec: { hostNetwork: true }\n',
    );

    expect(refusals).toEqual(['a name is needed']);
    expect(resources[0]?.object).toMatchObject({ metadata: { name: 'unresolved' }, spec: { hostNetwork: true } });
    expect(problems.map(({ message }) => message)).toContain(
      'Helm would not render the chart web with these values: a name is needed',
    );
  });

  it('says which template it cannot read', () => {
    const { problems } = read('apiVersion: v1\nkind: Pod\n{{ range .Values.hosts }}]{{ end }}\n');

    expect(problems).toMatchObject([
      { kind: 'unsupported', location: { path: 'chart/templates/web.yaml' }, hidesFindings: true },
    ]);
  });

  it('never throws, and knows the line of the template for each line of the text', () => {
    const part = fc.constantFrom(
      '{{',
      '}}',
      '{{- if .Values.a }}',
      '{{ else }}',
      '{{ end }}',
      '{{ range $a, $b := .Values.env }}',
      '\n',
      ' a: ',
      '{{ toYaml .Values | nindent 2 }}',
      '{{ "}}" }}',
      '{{ (index .Values.hosts 0).x | default (list 1 2) | quote }}',
      '{{/* x',
      '*/}}',
      '{{ $x := 1 }}',
      '{{ printf "%s" $x }}',
    );
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const text = parts.join('');
        read(text);
        const parsed = parseGoTemplate(text);
        if (parsed.kind === 'fault') return;
        const rendered = new ChartRendering().render(parsed.nodes, { Values: {} }, parsed.definitions);
        const lines = (of: string): number => of.split('\n').length;
        expect(rendered.lines).toHaveLength(lines(rendered.text) + 1);
        expect(Math.max(...rendered.lines)).toBeLessThanOrEqual(lines(text));
      }),
    );
  });
});

describe('hostile templates', () => {
  it.each([
    ['{{ $x := print "0123456789" }}' + '{{ $x = print $x $x }}'.repeat(60) + '{{ $x }}'],
    ['{{ $x := list 1 2 }}' + '{{ $x = list $x $x }}'.repeat(60) + '{{ $x }}{{ toYaml $x }}{{ toJson $x }}'],
    ['{{ $x := dict "a" 1 }}' + '{{ $x = dict "a" $x "b" $x }}'.repeat(60) + '{{ toJson $x }}'],
    ['{{ .Values.big | replace "" (.Values.big) }}{{ .Values.big | replace "a" (.Values.big) }}'],
    ['{{ toYaml .Values }}'.repeat(20_000)],
    ['{{ if true }}'.repeat(20_000) + 'x'],
    ['('.repeat(100_000) + '{{ ' + '('.repeat(20_000) + ' }}'],
    [`{{ ${'.Values.a | '.repeat(20_000)} quote }}`],
    ['{{ define "a" }}{{ include "a" . }}{{ include "a" . }}{{ end }}{{ include "a" . }}'],
    ['{{ define "a" }}'.repeat(20_000)],
  ])('stay bounded (%#)', (template) => {
    const { actions, unresolved } = read(template, { big: 'a'.repeat(100_000) });

    expect(unresolved).toBeLessThanOrEqual(actions);
  });
  it('say that something is missing', () => {
    const { problems } = read('{{ range until 9999 }}{{ range until 9999 }}x{{ end }}{{ end }}');

    expect(problems).toContainEqual({
      kind: 'unsupported',
      message: 'the template is more work than is done for one',
      location: { path: 'chart/templates/web.yaml' },
      hidesFindings: true,
    });
  });
});

describe('charts', () => {
  it('are folders with a Chart.yaml', () => {
    expect(chartFolders(['a/Chart.yaml', 'Chart.yaml', 'a/charts/b/Chart.yaml', 'c/MyChart.yaml'])).toEqual([
      '',
      'a',
      'a/charts/b',
    ]);
  });

  it('have templates that are manifests', () => {
    expect(['templates/a.yaml', 'templates/x/a.yml'].every(isTemplate)).toBe(true);
    expect(['templates/_a.yaml', 'templates/NOTES.txt', 'templates/tests/a.yaml', 'a.yaml'].some(isTemplate)).toBe(
      false,
    );
  });
});
