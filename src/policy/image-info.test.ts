// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseImageInfo } from './image-info.ts';

const digest = `sha256:${'a'.repeat(64)}`;

describe('names of images as Kyverno reads them', () => {
  it.each([
    ['nginx', 'docker.io/nginx:latest'],
    ['team/app:1', 'docker.io/team/app:1'],
    ['localhost/app', 'localhost/app:latest'],
    ['ghcr.io/team/app:1.2', 'ghcr.io/team/app:1.2'],
    ['registry.example:5000/app', 'registry.example:5000/app:latest'],
    [`ghcr.io/app:1@${digest}`, `ghcr.io/app@${digest}`],
  ])('%s is %s', (text, reference) => {
    expect(parseImageInfo(text)?.reference).toBe(reference);
  });

  it('take a host with an underscore for a host', () => {
    const info = parseImageInfo('your_registry.com/your_org/app:1');

    expect(info).toMatchObject({ registry: 'your_registry.com', path: 'your_org/app', name: 'app', tag: '1' });
  });

  it('keep tag and digest apart', () => {
    const info = parseImageInfo(`ghcr.io/app:1@${digest}`);

    expect(info).toMatchObject({ tag: '1', digest, referenceWithTag: 'ghcr.io/app:1' });
  });

  it('have no tag beside a digest unless one is written', () => {
    expect(parseImageInfo(`app@${digest}`)?.tag).toBe('');
  });

  it.each(['', 'ghcr.io/App', 'app:', 'app@sha256:1', 'a//b', 'app:1:2', ' app'])('are not %j', (text) => {
    expect(parseImageInfo(text)).toBeUndefined();
  });

  it('never throw', () => {
    fc.assert(fc.property(fc.string(), (text) => void parseImageInfo(text)));
  });
});
