// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { readChart } from './chart.ts';

describe('charts inside of a chart', () => {
  const parent = `name: web
version: 1.0.0
dependencies:
  - { name: db, version: 1.x, condition: db.enabled, import-values: [data, { child: inner, parent: taken }] }
  - { name: job, version: 1.0.0, alias: fast }
  - { name: job, version: 1.0.0, alias: slow, tags: [slow] }
  - { name: lib, version: 1.0.0 }
`;
  const config = (name: string): string =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: "${name}" }\ndata: { v: {{ toJson .Values | quote }} }\n`;
  const files = [
    { path: 'Chart.yaml', text: parent },
    { path: 'values.yaml', text: 'db: { port: 2, gone: null }\nfast: { size: 1 }\nglobal: { zone: z }\n' },
    { path: 'templates/a.yaml', text: '{{ include "lib.config" . }}' },
    { path: 'charts/db/Chart.yaml', text: 'name: db\nversion: 1.2.0\n' },
    { path: 'charts/db/values.yaml', text: 'port: 1\ngone: x\nexports: { data: { up: 1 } }\ninner: { i: 2 }\n' },
    { path: 'charts/db/templates/a.yaml', text: config('{{ .Chart.Name }}') },
    { path: 'charts/job/Chart.yaml', text: 'name: job\nversion: 1.0.0\n' },
    { path: 'charts/job/templates/a.yaml', text: config('{{ .Chart.Name }}') },
    { path: 'charts/lib/Chart.yaml', text: 'name: lib\nversion: 1.0.0\ntype: library\n' },
    { path: 'charts/lib/templates/_a.tpl', text: `{{ define "lib.config" }}${config('{{ .Chart.Name }}')}{{ end }}` },
    { path: 'charts/lib/templates/never.yaml', text: config('never') },
  ];
  const names = (folder: string, given = {}): readonly unknown[] =>
    readChart(folder, files, { values: given }).resources.map(
      ({ object }) => (object['metadata'] as Readonly<Record<string, unknown>>)['name'],
    );
  const valuesOf = (folder: string): unknown => {
    const data = readChart(folder, files).resources[0]?.object['data'] as Readonly<Record<string, string>>;
    return JSON.parse(data['v'] ?? '');
  };

  it('renders those that are switched on, under each of their names, and no library', () => {
    expect([names(''), names('charts/db'), names('charts/job'), names('charts/lib')]).toEqual([
      ['web'],
      ['db'],
      ['fast', 'slow'],
      [],
    ]);
    expect(names('charts/db', { db: { enabled: false } })).toEqual([]);
    expect(names('charts/job', { tags: { slow: false } })).toEqual(['fast']);
  });

  it('hands values down, and up where they are imported', () => {
    expect(valuesOf('charts/db')).toEqual({
      port: 2,
      gone: 'x',
      exports: { data: { up: 1 } },
      inner: { i: 2 },
      global: { zone: 'z' },
    });
    expect(valuesOf('')).toMatchObject({ up: 1, taken: { i: 2 }, fast: { size: 1 }, slow: {} });
  });
});
