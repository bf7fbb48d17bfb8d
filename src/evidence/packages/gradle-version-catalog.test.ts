// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { gradleVersionCatalog } from './gradle-version-catalog.ts';

const catalog = `[versions]
kotlin = "1.9.0"
rich = { strictly = "[1.0, 2.0[", prefer = "1.5" }

[libraries]
short = "org.a:short:1"
module = { module = "org.a:module", version.ref = "kotlin" }
parts = { group = "org.a", name = "parts", version = "2" }
range = { module = "org.a:range", version.ref = "rich" }
bare = { module = "org.a:bare" }
broken = { version = "1" }
`;

describe('gradleVersionCatalog', () => {
  it('reads all forms of a library', () => {
    const { get, names } = catalogText(gradleVersionCatalog, { 'gradle/libs.versions.toml': catalog });

    expect(names).toEqual(['org.a:bare@', 'org.a:module@1.9.0', 'org.a:parts@2', 'org.a:range@', 'org.a:short@1']);
    expect(get('org.a:range').constraint).toBe('[1.0, 2.0[');
    expect(get('org.a:parts').locations).toEqual([{ path: 'gradle/libs.versions.toml', line: 8 }]);
  });

  it('tells libraries without a name', () => {
    const { problems } = catalogText(gradleVersionCatalog, { 'libs.versions.toml': catalog });

    expect(problems).toMatchObject([{ kind: 'schema', location: { line: 11 } }]);
  });
});
