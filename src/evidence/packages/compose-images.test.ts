// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { composeImages } from './compose-images.ts';

describe('composeImages', () => {
  it('gives the image of each service, with defaults, variables of .env and merge keys', () => {
    const text =
      'x-base: &base\n  image: app:1.2.0\nservices:\n  a:\n    <<: *base\n  b:\n    image: ${B:-db:16}\n  c:\n    image: cache:${TAG}\n  d:\n    build: .\n';

    const { names } = catalogText(composeImages, { 'compose.yaml': text, '.env': 'TAG="7.2"\n' });

    expect(names).toEqual(['app@1.2.0', 'cache@7.2', 'db@16']);
  });

  it('remarks on an image that the environment decides', () => {
    const { packages, problems } = catalogText(composeImages, {
      'docker-compose.yml': 'services:\n  a:\n    image: app:${TAG}\n',
    });

    expect(packages).toEqual([]);
    expect(problems).toMatchObject([{ kind: 'unresolved', location: { line: 3 }, hidesFindings: false }]);
  });
});
