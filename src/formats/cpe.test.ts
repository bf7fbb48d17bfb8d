// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatCpe, isSameProduct, parseCpe, versionOfCpe } from './cpe.ts';

const of = (text: string) => parseCpe(text) ?? {};

describe('parseCpe', () => {
  it('reads a formatted string and leaves wildcards out', () => {
    expect(parseCpe('cpe:2.3:a:Apache:log4j:2.14.1:*:*:*:*:java:*:*')).toEqual({
      part: 'a',
      vendor: 'apache',
      product: 'log4j',
      version: '2.14.1',
      targetSoftware: 'java',
    });
  });

  it('takes an escaped colon for a part of the value', () => {
    expect(parseCpe('cpe:2.3:a:perl:net\\:\\:ldap:-:*:*:*:*:*:*:*')).toEqual({
      part: 'a',
      vendor: 'perl',
      product: 'net::ldap',
      version: '-',
    });
  });

  it('reads a URI with the attributes packed into its edition', () => {
    expect(parseCpe('cpe:/a:hp:insight:7.4.0.1570:-:~~online~win2003~x64~')).toEqual({
      part: 'a',
      vendor: 'hp',
      product: 'insight',
      version: '7.4.0.1570',
      update: '-',
      softwareEdition: 'online',
      targetSoftware: 'win2003',
      targetHardware: 'x64',
    });
  });

  it('reads a short URI', () => {
    expect(parseCpe('cpe:/o:redhat:enterprise_linux:9')).toEqual({
      part: 'o',
      vendor: 'redhat',
      product: 'enterprise_linux',
      version: '9',
    });
  });

  it.each(['not-a-cpe', 'cpe:/a:vendor', 'cpe:2.3:a:vendor:product', 'cpe:2.3:x:v:p:*:*:*:*:*:*:*:*', ''])(
    'refuses %j',
    (text) => {
      expect(parseCpe(text)).toBeUndefined();
    },
  );

  it('never throws, and what it reads is printed and read again alike', () => {
    const value = fc.string({
      unit: fc.constantFrom('a', '1', '*', '-', ':', '\\', '%', '~', '.', '?', ' '),
      maxLength: 12,
    });
    fc.assert(
      fc.property(
        fc.oneof(fc.constant('cpe:2.3:'), fc.constant('cpe:/')),
        fc.array(value, { maxLength: 12 }),
        (head, parts) => {
          const read = parseCpe(`${head}a:${parts.join(':')}`);
          if (read !== undefined) expect(parseCpe(formatCpe(read)) ?? {}).toEqual(withoutBlankEnds(read));
        },
      ),
    );
  });
});

/** What the text as a whole loses at its end. */
function withoutBlankEnds(read: object): object {
  return Object.fromEntries(Object.entries(read).filter(([, value]) => value !== undefined));
}

describe('isSameProduct', () => {
  it('lets an absent attribute agree with any', () => {
    expect(isSameProduct(of('cpe:2.3:*:*:name:1:*:*:*:*:*:*:*'), of('cpe:2.3:a:v:name:2:*:*:*:*:java:*:*'))).toBe(true);
  });

  it('tells vendors and target software apart', () => {
    const left = of('cpe:2.3:a:v:name:1:*:*:*:*:java:*:*');

    expect(isSameProduct(left, of('cpe:2.3:a:w:name:1:*:*:*:*:java:*:*'))).toBe(false);
    expect(isSameProduct(left, of('cpe:2.3:a:v:name:1:*:*:*:*:maven:*:*'))).toBe(false);
  });
});

describe('versionOfCpe', () => {
  it('joins the update, and says nothing for a name of all versions', () => {
    expect(versionOfCpe(of('cpe:2.3:a:v:p:1.0:p1:*:*:*:*:*:*'))).toBe('1.0-p1');
    expect(versionOfCpe(of('cpe:2.3:a:v:p:1.0:-:*:*:*:*:*:*'))).toBe('1.0');
    expect(versionOfCpe(of('cpe:2.3:a:v:p:-:*:*:*:*:*:*:*'))).toBeUndefined();
  });
});
