// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { tufBehaviours } from '../../../test/conformance/tuf/behaviours.ts';
import { TufRepository } from '../../../test/support/tuf-repository.ts';
import { fetchTarget } from './tuf-targets.ts';
import { readTrust } from './tuf-update.ts';

describe('updates of a trust root', () => {
  it.each(Object.entries(tufBehaviours))('behave as the suite names it: %s', async (_name, behaviour) => {
    const [expected, actual] = await behaviour(new TufRepository());

    expect(actual).toEqual(expected);
  });

  it('leave something that can be read without a mirror, checked from the pinned root', async () => {
    const repository = new TufRepository();
    await repository.refresh();

    const read = readTrust({ initialRoot: repository.initial, store: repository.store });
    const other = readTrust({ initialRoot: new TufRepository().initial, store: repository.store });

    expect([read, other]).toMatchObject([{ timestamp: { version: 1 } }, { code: 'METADATA_MISSING' }]);
  });

  it('refuse more new roots than one run may follow', async () => {
    const repository = new TufRepository();
    for (let count = 0; count < 257; count += 1) repository.bumpRoot();

    expect(await repository.outcome()).toBe('LIMIT_EXCEEDED');
  });

  it('refuse files that are larger than their kind may be', async () => {
    const repository = new TufRepository();
    repository.files.set('timestamp.json', Buffer.alloc(20_000));

    expect(await repository.outcome()).toBe('LIMIT_EXCEEDED');
  });

  it('refuse targets whose path would leave the folder', async () => {
    const repository = new TufRepository();
    repository.addTarget('targets', '../up', 'x');
    repository.publish();
    const trusted = await repository.refresh();
    if ('kind' in trusted) throw new Error(trusted.message);

    expect(await fetchTarget(trusted, '../up', repository)).toMatchObject({ code: 'TARGET_UNKNOWN' });
  });
});
