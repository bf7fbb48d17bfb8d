// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { terraformLock } from './terraform-lock.ts';

const lock = `# maintained automatically
provider "registry.tf.example/acme/cloud" {
  version     = "4.31.0"
  constraints = "~> 4.0"
  hashes = [
    "h1:abc=",
    "zh:${'a'.repeat(64)}",
  ]
}
`;

describe('terraformLock', () => {
  it('gives providers with constraint, archive digests and lines', () => {
    const { get } = catalogText(terraformLock, { '.terraform.lock.hcl': lock });

    expect(get('registry.tf.example/acme/cloud')).toMatchObject({
      version: '4.31.0',
      constraint: '~> 4.0',
      digests: [`sha256:${'a'.repeat(64)}`],
      locations: [{ line: 2, endLine: 9 }],
      purl: 'pkg:terraform/registry.tf.example/acme/cloud@4.31.0',
    });
  });

  it('reports a block that does not end', () => {
    const { names, problems } = catalogText(terraformLock, { '.terraform.lock.hcl': lock.slice(0, 120) });

    expect(names).toEqual(['registry.tf.example/acme/cloud@4.31.0']);
    expect(problems).toMatchObject([{ kind: 'syntax', hidesFindings: true }]);
  });
});
