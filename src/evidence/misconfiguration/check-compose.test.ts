// SPDX-License-Identifier: Apache-2.0
// The contract of every check of Compose files, and how they are read.
import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Decision } from '../../model/decision.ts';
import { checkCompose } from './check-compose.ts';
import { composeChecks } from './compose-checks/index.ts';
import { isComposeFile } from './file-names.ts';

const files = readdirSync(fileURLToPath(new URL('compose-checks', import.meta.url)))
  .map((file) => basename(file, '.ts'))
  .filter((file) => file !== 'index');

function failures(text: string, id?: string): readonly Decision[] {
  const checks = composeChecks.filter((check) => id === undefined || check.id === id);
  const { decisions } = checkCompose({ path: 'compose.yaml', text }, { checks, subject: 'tree', evidence: [] });
  expect(decisions.filter(({ outcome }) => outcome === 'error')).toEqual([]);
  return decisions.filter(({ outcome }) => outcome === 'fail');
}

describe('checks of Compose files', () => {
  it('are listed once each, under the name of their file', () => {
    expect(composeChecks.map(({ id }) => id).toSorted()).toEqual(files.toSorted());
  });

  it.each(composeChecks.map((check) => [check.id, check] as const))('%s tells its examples apart', (id, check) => {
    expect(failures(check.example.good, id).map(({ message }) => message)).toEqual([]);
    expect(failures(check.example.bad, id)).not.toEqual([]);
    expect(check.aliases).toEqual([...check.aliases].sort());
  });

  it('give the line of the fault and honour comments', () => {
    const text =
      'services:\n  db:\n    image: db:1\n    environment:\n      - A=b\n      - DB_PASSWORD=x1y2z3\n    # landwaiter:ignore=compose-privileged\n    privileged: true\n';

    expect(
      failures(text).map(({ message, locations, suppressed }) => [message, locations[0]?.line, suppressed?.by]),
    ).toEqual([
      ['the service db is privileged', 8, 'ignore'],
      ['the service db has the variable DB_PASSWORD with a secret in it', 6, undefined],
    ]);
  });

  it.each([
    ['"8080:80"', 1],
    ['"127.0.0.1:8080:80"', 0],
    ['"[::1]:8080:80"', 0],
    ['"0.0.0.0:8080:80/udp"', 1],
    ['80', 0],
    ['{ target: 80, published: 8080 }', 1],
    ['{ target: 80, published: 8080, host_ip: 127.0.0.1 }', 0],
  ])('judge the port %s', (port, count) => {
    expect(failures(`services:\n  a:\n    image: a:1\n    ports: [${port}]\n`, 'compose-open-port')).toHaveLength(
      count,
    );
  });

  it('leave files without services alone, and report broken ones that look like Compose files', () => {
    const options = { checks: composeChecks, subject: 'tree', evidence: [] };

    expect(checkCompose({ path: 'compose.yaml', text: 'a: 1' }, options)).toEqual({ decisions: [], problems: [] });
    expect(checkCompose({ path: 'compose.yaml', text: 'services: [' }, options).problems).not.toEqual([]);
  });

  it('are looked for by name', () => {
    expect(['compose.yaml', 'a/docker-compose.prod.yml', 'compose-dev.yaml'].every(isComposeFile)).toBe(true);
    expect(['composer.yaml', 'compose.json', 'my-compose.yaml'].some(isComposeFile)).toBe(false);
  });

  it('never throw', () => {
    const value = fc.constantFrom('1', '[]', '{}', 'null', '[{}]', '"a"', '[1, null]', '{ a: [] }');
    const member = fc.constantFrom(
      'image',
      'ports',
      'volumes',
      'environment',
      'cap_add',
      'security_opt',
      'user',
      'pid',
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(member, value)), (members) => {
        failures(`services:\n  a:\n    x: 1\n${members.map(([name, text]) => `    ${name}: ${text}\n`).join('')}`);
      }),
    );
  });
});
