// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { cargoLock } from './cargo-lock.ts';

const lock = `version = 3

[[package]]
name = "app"
version = "0.1.0"
dependencies = [
 "serde",
 "tempfile",
]

[[package]]
name = "serde"
version = "1.0.195"
source = "registry+https://registry.cargo.example/index"
checksum = "63261df402c67811e9ac6def069e4786148c4563f4b50fd4bf30aa370d626b02"

[[package]]
name = "tempfile"
version = "3.9.0"
source = "registry+https://registry.cargo.example/index"
dependencies = ["rustix"]

[[package]]
name = "rustix"
version = "0.38.30"
source = "git+https://git.example/rustix?branch=main#0123456789abcdef0123456789abcdef01234567"
`;

describe('cargoLock', () => {
  it('takes the only crate without a source for the project and its dependencies for direct', () => {
    const { get } = catalogText(cargoLock, { 'Cargo.lock': lock });

    expect(get('app').relationship).toBe('root');
    expect(get('serde').relationship).toBe('direct');
    expect(get('rustix').relationship).toBe('indirect');
    expect(get('tempfile').dependsOn).toEqual(['rustix@0.38.30']);
  });

  it('gives the lines of the whole entry, the purl and the checksum', () => {
    const { get } = catalogText(cargoLock, { 'Cargo.lock': lock });

    expect(get('serde').locations).toEqual([{ path: 'Cargo.lock', line: 11, endLine: 15 }]);
    expect(get('serde').purl).toBe('pkg:cargo/serde@1.0.195');
    expect(get('serde').digests).toEqual(['sha256:63261df402c67811e9ac6def069e4786148c4563f4b50fd4bf30aa370d626b02']);
    expect(get('app').purl).toBeUndefined();
  });

  it('keeps repository and commit of crates from git', () => {
    const { get } = catalogText(cargoLock, { 'Cargo.lock': lock });

    expect(get('rustix').facts).toMatchObject({
      repository: 'https://git.example/rustix',
      commit: '0123456789abcdef0123456789abcdef01234567',
    });
  });

  it('learns from Cargo.toml what is needed for development only', () => {
    const manifest = '[package]\nname = "app"\n[dependencies]\nserde = "1"\n[dev-dependencies]\ntempfile = "3"\n';

    const { get } = catalogText(cargoLock, { 'Cargo.lock': lock, 'Cargo.toml': manifest });

    expect(get('serde').scope).toBe('runtime');
    expect(get('tempfile').scope).toBe('development');
    expect(get('rustix').scope).toBe('development');
  });

  it('finds the members of a workspace through patterns', () => {
    const workspace = '[workspace]\nmembers = ["crates/*"]\n';
    const member = '[package]\nname = "app"\n[build-dependencies]\ntempfile = "3"\n';

    const { get } = catalogText(cargoLock, {
      'Cargo.lock': lock,
      'Cargo.toml': workspace,
      'crates/app/Cargo.toml': member,
    });

    expect(get('app').relationship).toBe('workspace');
    expect(get('tempfile').scope).toBe('build');
  });

  it('tells two sources of one version apart', () => {
    const twice = `[[package]]
name = "a"
version = "1.0.0"
source = "registry+https://registry.cargo.example/index"

[[package]]
name = "a"
version = "1.0.0"
source = "git+https://git.example/a#ff"

[[package]]
name = "b"
version = "1.0.0"
source = "registry+https://registry.cargo.example/index"
dependencies = ["a 1.0.0 (git+https://git.example/a)"]
`;

    const { packages, get } = catalogText(cargoLock, { 'Cargo.lock': twice });

    expect(packages).toHaveLength(3);
    expect(get('b').dependsOn).toEqual(['a@1.0.0 (git+https://git.example/a#ff)']);
  });

  it('reports a lock file that is cut in half', () => {
    const { problems } = catalogText(cargoLock, { 'Cargo.lock': lock.slice(0, 100) });

    expect(problems).toMatchObject([{ kind: 'syntax', hidesFindings: true }]);
  });
});
