// SPDX-License-Identifier: Apache-2.0
// Licences of a Maven project as texts for a package.
import type { PomLicense } from '../../formats/maven-pom.ts';
import { printLicenseExpression } from '../../formats/spdx-license.ts';
import { licenseOfUrl } from '../../formats/spdx-license-names.ts';

/** Names of the licences; a licence that has only an address is the one the address stands for, else the address. */
export function mavenLicenses(project: { readonly licenses: readonly PomLicense[] }): string[] {
  const texts = project.licenses.map(({ name, url }) => {
    if (name !== undefined || url === undefined) return name;
    const known = licenseOfUrl(url);
    return known === undefined ? url : printLicenseExpression(known);
  });
  return texts.filter((text) => text !== undefined);
}
