// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { sbtLock } from './sbt-lock.ts';

describe('sbtLock', () => {
  it('gives scope, checksum and lines', () => {
    const sum = '0123456789'.repeat(4);
    const lock = JSON.stringify(
      {
        lockVersion: 1,
        dependencies: [
          {
            org: 'org.a',
            name: 'one_2.13',
            version: '1',
            artifacts: [{ name: 'one.jar', hash: `sha1:${sum}` }],
            configurations: ['compile', 'test'],
          },
          { org: 'org.a', name: 'two', version: '2', artifacts: [], configurations: ['test'] },
          { org: 'org.a', name: 'no version' },
        ],
      },
      undefined,
      2,
    );

    const { get, problems } = catalogText(sbtLock, { 'build.sbt.lock': lock });

    expect(get('org.a:one_2.13')).toMatchObject({
      scope: 'runtime',
      digests: [`sha1:${sum}`],
      locations: [{ line: 4, endLine: 18 }],
    });
    expect(get('org.a:two').scope).toBe('test');
    expect(problems).toMatchObject([{ kind: 'schema' }]);
  });
});
