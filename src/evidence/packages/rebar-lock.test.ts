// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { rebarLock } from './rebar-lock.ts';

const lock = `{"1.2.0",
[{<<"certifi">>,{pkg,<<"certifi">>,<<"2.9.0">>},0},
 {<<"own">>,{git,"https://git.example/own.git",{ref,"ff00ff"}},1}]}.
[
{pkg_hash_ext,[
 {<<"certifi">>, <<"266DA46BDB06D6C6D35FDE799BCB28D36D985D424AD7C08B5BB48F5B5CDD4641">>}]}
].
`;

describe('rebarLock', () => {
  it('gives version, checksum, line and whether the project asks for it', () => {
    const { get } = catalogText(rebarLock, { 'rebar.lock': lock });

    expect(get('certifi')).toMatchObject({ version: '2.9.0', relationship: 'direct', locations: [{ line: 2 }] });
    expect(get('certifi').digests).toEqual(['sha256:266da46bdb06d6c6d35fde799bcb28d36d985d424ad7c08b5bb48f5b5cdd4641']);
    expect(get('own')).toMatchObject({ version: 'ff00ff', relationship: 'indirect' });
  });

  it('reports text that is no term', () => {
    expect(catalogText(rebarLock, { 'rebar.lock': '{"1.2.0", [' }).problems).toMatchObject([
      { kind: 'syntax', hidesFindings: true },
    ]);
  });
});
