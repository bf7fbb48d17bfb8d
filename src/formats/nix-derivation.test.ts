// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseNixDerivation, printNixDerivation } from './nix-derivation.ts';

const text = String.raw`Derive([("out","/nix/store/a-x","","")],[("/nix/store/b.drv",["out","dev"])],["/nix/store/s"],"x86_64-linux","/bin/sh",["-c"],[("a","say \"hi\"")])`;

describe('parseNixDerivation', () => {
  it('reads outputs, inputs and sources', () => {
    const { derivation, problems } = parseNixDerivation(text, 'a.drv');

    expect(problems).toEqual([]);
    expect([...(derivation?.outputs ?? [])]).toEqual([['out', '/nix/store/a-x']]);
    expect([...(derivation?.inputs ?? [])]).toEqual([['/nix/store/b.drv', ['out', 'dev']]]);
    expect(derivation?.sources).toEqual(['/nix/store/s']);
  });

  it('reads what it prints', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.dictionary(fc.string(), fc.string()), (sources, outputs) => {
        const written = { outputs: new Map(Object.entries(outputs)), inputs: new Map(), sources };

        expect(parseNixDerivation(printNixDerivation(written), 'a').derivation).toEqual(written);
      }),
    );
  });

  it('tells of a file that is cut off, and never throws', () => {
    expect(parseNixDerivation(text.slice(0, 40), 'a').problems).toMatchObject([{ hidesFindings: true }]);
    fc.assert(fc.property(fc.string(), (noise) => void parseNixDerivation(`Derive(${noise}`, 'a')));
  });
});
