// SPDX-License-Identifier: Apache-2.0
// Which catalogers answer for Syft's tests of the paths that a cataloger picks.

/** Catalogers whose globs must take exactly the listed paths. Keys as above. */
export const globMapping: Readonly<Record<string, readonly string[]>> = {
  // JavaScript
  'javascript/cataloger#Test_LockCataloger_Globs': ['npm-lock', 'yarn-lock', 'pnpm-lock', 'bun-lock', 'deno-lock'],
  'javascript/cataloger#Test_PackageCataloger_Globs': ['package-json', 'node-package'],
  // Go, GitHub Actions
  'golang/cataloger#Test_Mod_Cataloger_Globs': ['go-mod'],
  'githubactions/cataloger#TestCataloger_Globs': ['github-workflow', 'github-composite-action'],
  // Syft has a second cataloger for reusable workflows, which reads workflows only.
  'githubactions/cataloger#TestCataloger_Globs/obtain all workflow files': ['github-workflow'],
  // Python, Conda
  'python/cataloger#Test_IndexCataloger_Globs': [
    'python-requirements',
    'setup-py',
    'poetry-lock',
    'pipfile-lock',
    'pdm-lock',
    'uv-lock',
  ],
  'python/cataloger#Test_PackageCataloger_Globs': ['python-installed'],
  'conda/cataloger': ['conda-meta'],
  // R, Haskell, Lua, OCaml
  'r/cataloger': ['r-description'],
  'ocaml/cataloger': ['opam'],
  'lua/cataloger': ['rockspec'],
  'haskell/cataloger': ['stack-lock', 'stack-yaml', 'cabal-freeze'],
  // Rust, PHP, Ruby
  'ruby/cataloger#Test_GemSpec_Globs': ['gemspec-installed'],
  'ruby/cataloger#Test_GemFileLock_Globs': ['gemfile-lock'],
  'php/cataloger#Test_PeclCataloger_Globs': ['php-pecl'],
  'php/cataloger#Test_PearCataloger_Globs': ['php-pear', 'php-pecl'],
  'php/cataloger#Test_ComposerLockCataloger_Globs': ['composer-lock'],
  'php/cataloger#Test_ComposerInstalledCataloger_Globs': ['composer-installed'],
  // everything else
  'ai/cataloger#TestGGUFCataloger_Globs': ['gguf-model'],
  'swift/cataloger#Test_Cataloger_Globs': ['podfile-lock', 'swift-package-resolved'],
  'cpp/cataloger#TestCatalogerConanInfo_Globs': ['conaninfo'],
  'cpp/cataloger#TestCatalogerConan_Globs': ['conan-lock', 'conanfile-txt'],
  'erlang/cataloger#TestCatalogerOTP_Globs': ['otp-app'],
  'erlang/cataloger#TestCatalogerRebar_Globs': ['rebar-lock'],
  'elixir/cataloger#TestCataloger_Globs': ['mix-lock'],
  'dart/cataloger#TestPubspecLockCataloger_Globs': ['pubspec-lock'],
  'debian/cataloger#TestCataloger_Globs': ['dpkg-status', 'opkg-status'],
  'alpine/cataloger#TestCataloger_Globs': ['apk-installed'],
  'sbom/cataloger#Test_Cataloger_Globs': ['sbom-file', 'cyclonedx-file', 'spdx-file'],
  'redhat/cataloger#Test_DBCataloger_Globs': ['rpm-database', 'rpm-manifest'],
  'redhat/cataloger#Test_RPMFileCataloger_Globs': ['rpm-archive'],
  'gentoo/cataloger#TestCataloger_Globs': ['portage-installed'],
};
