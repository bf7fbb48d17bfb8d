// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kubernetesEnvironment } from '../../cel/kubernetes.ts';
import { compileCel } from '../../cel/program.ts';
import { CelError } from '../../cel/values.ts';
import { imageLibrary } from './image-library.ts';
import { globExpression, namesOf } from './image-references.ts';

const environment = kubernetesEnvironment({ libraries: [imageLibrary] });

function evaluate(text: string): unknown {
  const compiled = compileCel(text, environment);
  if (compiled.kind === 'fault') return compiled.faults[0]?.message;
  const { value } = compiled.program.evaluateSlots([]);
  return value instanceof CelError ? `error: ${value.message}` : value;
}

const digest = `sha256:${'a'.repeat(64)}`;

describe('the image library', () => {
  it.each([
    ['image("nginx").registry()', 'index.docker.io'],
    ['image("nginx").repository()', 'library/nginx'],
    ['parseImageReference("ghcr.io/team/app:v1").repository()', 'team/app'],
    ['image("ghcr.io/team/app:v1").tag()', 'v1'],
    ['image("ghcr.io/team/app").tag()', 'latest'],
    [`image("ghcr.io/team/app:v1@${digest}").tag()`, ''],
    [`image("ghcr.io/team/app:v1@${digest}").digest()`, digest],
    ['image("ghcr.io/team/app:v1").identifier()', 'v1'],
    [`image("ghcr.io/team/app@${digest}").identifier()`, digest],
    ['image("ghcr.io:5000/team/app:v1").identifierWithSeparator()', ':v1'],
    ['image("ghcr.io:5000/team/app").identifierWithSeparator()', ':latest'],
    [`image("ghcr.io/team/app:v1@${digest}").identifierWithSeparator()`, `:v1@${digest}`],
    [`image("ghcr.io/team/app@${digest}").containsDigest()`, true],
    ['image("ghcr.io/team/app:v1").containsDigest()', false],
    ['isImage("Not an image")', false],
    ['isImage("your_registry.com/your_org/app")', true],
    ['image("nginx") == image("docker.io/library/nginx:latest")', true],
    ['image("nginx") == image("nginx:1")', false],
    ['image("Not an image").tag()', 'error: Not an image names no image'],
  ])('gives for %s', (text, expected) => {
    expect(evaluate(text)).toEqual(expected);
  });
});

describe('globs of images', () => {
  const fits = (glob: string, text: string): boolean =>
    new RegExp(`^${globExpression(glob)?.replace('(?s)', '')}$`, 's').test(text);

  it.each([
    ['ghcr.io/*', 'ghcr.io/team/app:v1', true],
    ['ghcr.io/*', 'ghcrXio/team', false],
    ['ghcr.io/team/ap?', 'ghcr.io/team/app', true],
    ['ghcr.io/{team,crew}/*', 'ghcr.io/crew/app', true],
    ['ghcr.io/{team,crew}/*', 'ghcr.io/other/app', false],
    ['ghcr.io/[a-c]*', 'ghcr.io/bob', true],
    ['ghcr.io/[!a-c]*', 'ghcr.io/bob', false],
    [String.raw`a\*b`, 'a*b', true],
    [String.raw`a\*b`, 'axb', false],
  ])('%s and %s', (glob, text, expected) => {
    expect(fits(glob, text)).toBe(expected);
  });

  it.each(['a[b', 'a{b', '[]'])('are none with a bracket left open: %s', (glob) => {
    expect(globExpression(glob)).toBeUndefined();
  });

  it('never throw, whatever is written', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        globExpression(text);
        expect(namesOf(text)).toContain(text);
      }),
    );
  });
});

describe('names of an image', () => {
  it('are all that somebody may write for it', () => {
    expect(namesOf('nginx')).toEqual(
      expect.arrayContaining([
        'nginx',
        'docker.io/nginx:latest',
        'docker.io/library/nginx:latest',
        'index.docker.io/library/nginx:latest',
      ]),
    );
    expect(namesOf(`ghcr.io:443/team/app:v1@${digest}`)).toEqual(
      expect.arrayContaining([`ghcr.io/team/app:v1`, `ghcr.io/team/app@${digest}`, `ghcr.io/team/app:v1@${digest}`]),
    );
  });
});
