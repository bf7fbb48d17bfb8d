// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { managementKey, parsePom } from './maven-pom.ts';

function pom(text: string) {
  return parsePom(new TextEncoder().encode(text), 'pom.xml');
}

describe('parsePom', () => {
  it('gives the lines of a dependency', () => {
    const model = pom(
      '<project>\n<dependencies>\n<dependency>\n<groupId>g</groupId>\n<artifactId>a</artifactId>\n</dependency>\n</dependencies>\n</project>',
    );

    expect(model.dependencies[0]).toMatchObject({
      groupId: 'g',
      artifactId: 'a',
      type: 'jar',
      location: { line: 3, endLine: 6 },
    });
  });

  it('adds what profiles that are active by default bring', () => {
    const inner =
      '<properties><v>2</v></properties><dependencies><dependency><artifactId>a</artifactId></dependency></dependencies>';
    const model = pom(`<project><properties><v>1</v></properties><profiles>
      <profile><activation><activeByDefault>true</activeByDefault></activation>${inner}</profile>
      <profile><id>other</id>${inner}</profile></profiles></project>`);

    expect(model.properties.get('v')).toBe('2');
    expect(model.dependencies).toHaveLength(1);
  });

  it('tells an empty relativePath from none', () => {
    const parent = '<groupId>g</groupId><artifactId>p</artifactId><version>1</version>';

    expect(pom(`<project><parent>${parent}</parent></project>`).parent?.relativePath).toBe('../pom.xml');
    expect(pom(`<project><parent>${parent}<relativePath/></parent></project>`).parent?.relativePath).toBe('');
  });

  it('reads the encoding that the document declares', () => {
    const bytes = Buffer.from(
      '<?xml version="1.0" encoding="ISO-8859-1"?><project><name>Caf\u00e9</name></project>',
      'latin1',
    );

    expect(parsePom(bytes, 'pom.xml').name).toBe('Caf\u00e9');
  });

  it('says that another document is no project', () => {
    expect(pom('<html/>').problems[0]).toMatchObject({ kind: 'syntax', hidesFindings: true });
  });

  it('throws for no text', () => {
    fc.assert(fc.property(fc.string(), (text) => void pom(`<project>${text}</project>`)));
  });
});

describe('managementKey', () => {
  it('has a classifier only where there is one', () => {
    expect(managementKey({ groupId: 'g', artifactId: 'a', type: 'jar', classifier: '' })).toBe('g:a:jar');
    expect(managementKey({ groupId: 'g', artifactId: 'a', type: 'jar', classifier: 'tests' })).toBe('g:a:jar:tests');
  });
});
