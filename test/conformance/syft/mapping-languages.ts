// SPDX-License-Identifier: Apache-2.0
// Which catalogers answer for Syft's tests of other languages. How keys are read stands in mapping.ts.
import type { CatalogerMapping } from './cataloger-mapping.ts';
import { hasSdkRange, withSdkVersion } from './checks-systems.ts';
import { checkDescription } from './tables-languages.ts';

export const languageMapping: Readonly<Record<string, CatalogerMapping>> = {
  // Rust, PHP, Ruby
  'ruby/parse_gemspec': { catalogers: ['gemspec-installed'], presentAs: 'specifications/gem.gemspec' },
  'ruby/parse_gemfile_lock': { catalogers: ['gemfile-lock'] },
  'php/interpreter_cataloger': {
    outside: 'the fixture is a container image that is built while the test runs',
  },
  'php/parse_pecl_pear': {
    outside: 'the folder of the file names its channel, and the pack does not show the folder',
  },
  'php/parse_installed_json': { catalogers: ['composer-installed'], presentAs: 'vendor/composer/installed.json' },
  'php/parse_composer_lock': { catalogers: ['composer-lock'], presentAs: 'composer.lock' },
  'rust/parse_cargo_lock': { catalogers: ['cargo-lock'], presentAs: 'Cargo.lock' },

  // R, Haskell, Lua, OCaml
  'r/parse_description#Test_extractFieldsFromDescriptionFile': {
    catalogers: ['r-description'],
    presentAs: 'DESCRIPTION',
    check: checkDescription,
  },
  'r/cataloger': { catalogers: ['r-description'] },
  // Syft reads only packages of Hackage; ours also those from a repository or an archive.
  'haskell/parse_stack_lock': { catalogers: ['stack-lock'], keep: (item) => item.facts?.repository === undefined },
  'haskell/parse_stack_yaml': { catalogers: ['stack-yaml'] },
  'haskell/parse_cabal_freeze': { catalogers: ['cabal-freeze'] },
  // The tests compare the one package of a file; what it needs is listed by ours as well.
  'lua/parse_rockspec': { catalogers: ['rockspec'], keep: (item) => item.relationship !== 'direct' },
  'ocaml/parse_opam': { catalogers: ['opam'], presentAs: withFolder, keep: (item) => item.relationship !== 'direct' },

  // C++, Swift, Erlang, Elixir, Dart
  'cpp/parse_conaninfo': {
    catalogers: ['conaninfo'],
    presentAs: 'mfast/1.2.2/my_user/my_channel/package/9d1f076b471417647c2022a78d5e2c1f834289ac/conaninfo.txt',
  },
  'cpp/parse_conanlock': { catalogers: ['conan-lock'], presentAs: 'conan.lock' },
  'cpp/parse_conanfile': { catalogers: ['conanfile-txt'], presentAs: 'conanfile.txt' },
  'swift/parse_podfile_lock': { catalogers: ['podfile-lock'], presentAs: 'Podfile.lock' },
  'swift/parse_package_resolved': { catalogers: ['swift-package-resolved'], presentAs: 'Package.resolved' },
  'erlang/parse_otp_app': { catalogers: ['otp-app'], presentAs: 'x.app' },
  'erlang/cataloger': { catalogers: ['rebar-lock', 'otp-app'] },
  'erlang/parse_rebar_lock': { catalogers: ['rebar-lock'], presentAs: 'rebar.lock' },
  'elixir/parse_mix_lock': { catalogers: ['mix-lock'], presentAs: 'mix.lock' },
  'elixir/cataloger': { catalogers: ['mix-lock'] },
  // Syft reads only the package itself; the requirements are more than it states.
  'dart/parse_pubspec': {
    catalogers: ['pubspec-yaml'],
    presentAs: 'pubspec.yaml',
    keep: (item) => item.relationship === 'root',
  },
  'dart/parse_pubspec_lock': {
    catalogers: ['pubspec-lock'],
    presentAs: 'pubspec.lock',
    keep: hasSdkRange,
    statedAs: withSdkVersion,
  },
};

/** The folder of a file may hold its name and version: `ocaml-base-compiler.4.14.0/opam`. */
function withFolder(path: string): string {
  return path.split('/').slice(-2).join('/');
}
