// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest';
import { readBomXml } from './bom.ts';
import { foreignElementsOf } from './foreign-elements.ts';
import { printBomXml } from './print-xml.ts';

function bom(content: string, minor = 6, attributes = ''): string {
  return `<?xml version="1.0"?><bom xmlns="http://cyclonedx.org/schema/bom/1.${minor}" version="1" ${attributes}>${content}</bom>`;
}

function faultsOf(content: string, minor = 6): string[] {
  return readBomXml(bom(content, minor), 'x').problems.map((problem) => problem.message);
}

function component(content: string, attributes = ''): string {
  return `<components><component type="library" ${attributes}>${content}</component></components>`;
}

describe('CycloneDX in XML', () => {
  test('becomes the tree that JSON has', () => {
    const content = `
      <metadata><tools><tool><name>t</name></tool></tools></metadata>
      <components>
        <component type="library" bom-ref="a">
          <name>a</name><version>1</version>
          <hashes><hash alg="MD5">00112233445566778899aabbccddeeff</hash></hashes>
          <licenses><license><id>MIT</id></license></licenses>
          <externalReferences><reference type="vcs"><url>https://a.example</url></reference></externalReferences>
          <properties><property name="k">v</property><property name="empty"/></properties>
          <evidence><occurrences><occurrence><location>a.lock</location><line>3</line></occurrence></occurrences></evidence>
        </component>
      </components>
      <dependencies><dependency ref="a"><dependency ref="b"/><provides ref="c"/></dependency></dependencies>
      <compositions><composition><aggregate>complete</aggregate><assemblies><assembly ref="a"/></assemblies></composition></compositions>`;

    const { tree, problems, minor } = readBomXml(bom(content), 'x');

    expect(problems).toEqual([]);
    expect(minor).toBe(6);
    expect(tree).toEqual({
      version: 1,
      metadata: { tools: [{ name: 't' }] },
      components: [
        {
          type: 'library',
          'bom-ref': 'a',
          name: 'a',
          version: '1',
          hashes: [{ alg: 'MD5', content: '00112233445566778899aabbccddeeff' }],
          licenses: [{ license: { id: 'MIT' } }],
          externalReferences: [{ type: 'vcs', url: 'https://a.example' }],
          properties: [{ name: 'k', value: 'v' }, { name: 'empty' }],
          evidence: { occurrences: [{ location: 'a.lock', line: 3 }] },
        },
      ],
      dependencies: [{ ref: 'a', dependsOn: ['b'], provides: ['c'] }],
      compositions: [{ aggregate: 'complete', assemblies: ['a'] }],
    });
  });

  test('keeps the order of elements that the schema has', () => {
    expect(faultsOf(component('<version>1</version><name>a</name>'))).toEqual([
      '<name> stands too late inside <component>',
    ]);
  });

  test.each([
    ['an unknown element', component('<name>a</name><colour/>'), '<colour> is not known'],
    ['an element twice', component('<name>a</name><name>b</name>'), '<name> stands twice'],
    ['a missing element', component(''), '<component> lacks name'],
    [
      'a missing attribute',
      '<components><component><name>a</name></component></components>',
      'lacks the attribute type',
    ],
    ['text between elements', component('<name>a</name>x'), 'has text between its elements'],
    ['an element in text', component('<name><b/></name>'), 'has an element where text belongs'],
    ['a wrong word', component('<name>a</name><scope>never</scope>'), '"never" is not a scope'],
    ['a wrong date', '<metadata><timestamp>yesterday</timestamp></metadata>', 'is not a date with time'],
    ['a wrong CPE', component('<name>a</name><cpe>cpe:2.3:a:b</cpe>'), 'is not a CPE name'],
    [
      'two licences of one',
      component('<name>a</name><licenses><license><id>MIT</id><name>x</name></license></licenses>'),
      'only one is allowed',
    ],
    [
      'an expression beside a licence',
      component('<name>a</name><licenses><license><id>MIT</id></license><expression>MIT</expression></licenses>'),
      'does not stand alone',
    ],
    [
      'an element of no namespace',
      component('<name>a</name><x xmlns=""/><version>1</version>'),
      '<version> stands too late',
    ],
  ])('finds %s', (_what, content, message) => {
    expect(faultsOf(content).join('\n')).toContain(message);
  });

  test('finds a bom-ref that stands twice', () => {
    const twice = `${component('<name>a</name>', 'bom-ref="x"')}<services><service bom-ref="x"><name>s</name></service></services>`;

    expect(faultsOf(twice)).toEqual(['the bom-ref "x" stands twice']);
  });

  test('says when the namespace is not that of a version', () => {
    const { problems, minor } = readBomXml('<bom xmlns="http://cyclonedx.org/schema/bom/12"/>', 'x');

    expect(minor).toBeUndefined();
    expect(problems[0]?.message).toContain('is not that of a known version');
  });

  test('keeps elements of other namespaces, and allows other attributes', () => {
    const content = component('<name>a</name><f:x xmlns:f="urn:f" f:k="v">t</f:x>', 'colour="red"');

    const { tree, problems } = readBomXml(bom(content), 'x');

    const [first] = (tree?.['components'] ?? []) as object[];
    expect(problems).toEqual([]);
    expect(foreignElementsOf(first ?? {})).toEqual([
      { name: 'x', namespace: 'urn:f', attributes: { k: 'v' }, children: [], text: 't' },
    ]);
  });

  test('reads the dependency graph extension of 1.1', () => {
    const graph = (inner: string): string =>
      `<components/><g:dependencies xmlns:g="http://cyclonedx.org/schema/ext/dependency-graph/1.0">${inner}</g:dependencies>`;

    expect(faultsOf(graph('<g:dependency ref="a"><g:dependency ref="b"/></g:dependency>'), 1)).toEqual([]);
    expect(faultsOf(graph('<g:dependency><g:dependency ref="b"/></g:dependency>'), 1)).toEqual([
      '<dependency> is not a dependency with a ref',
    ]);
  });
});

describe('printing XML', () => {
  test('is read again as the same tree', () => {
    const tree = {
      version: 2,
      serialNumber: 'urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79',
      metadata: {
        tools: { components: [{ type: 'application', name: 't' }] },
        licenses: [{ expression: 'MIT OR ISC' }],
      },
      components: [
        {
          type: 'library',
          name: 'a <&> "b"',
          description: 'two\nlines',
          licenses: [{ license: { id: 'MIT', acknowledgement: 'declared' } }],
          tags: [],
          evidence: {
            identity: [{ field: 'purl', methods: [{ technique: 'filename', confidence: 0.5 }] }],
            copyright: [{ text: 'me' }],
          },
        },
      ],
      services: [
        {
          name: 's',
          data: [
            { flow: 'inbound', classification: 'PII' },
            { flow: 'outbound', classification: 'x', name: 'n' },
          ],
        },
      ],
      vulnerabilities: [
        {
          id: 'CVE-1',
          analysis: { response: ['update'] },
          affects: [{ ref: 'x', versions: [{ version: '1', status: 'affected' }] }],
        },
      ],
    };

    const read = readBomXml(printBomXml(tree, 6), 'x');

    expect(read.problems).toEqual([]);
    expect(read.tree).toEqual(tree);
  });

  test('leaves out what XML or the version does not know', () => {
    const tree = { components: [{ type: 'library', name: 'a', tags: ['x'], signature: {} }] };

    expect(printBomXml(tree, 5)).not.toMatch(/tag|signature/);
  });

  test('writes the licence text of an expression in the form that 1.7 has for it', () => {
    const tree = {
      components: [{ type: 'library', name: 'a', licenses: [{ expression: 'MIT', licensing: { altIds: ['x'] } }] }],
    };

    const printed = printBomXml(tree, 7);

    expect(printed).toContain('<expression-detailed expression="MIT">');
    expect(readBomXml(printed, 'x').tree).toMatchObject(tree);
  });
});
