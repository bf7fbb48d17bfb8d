// SPDX-License-Identifier: Apache-2.0
// The list of all catalogers. A new one is one file and one line here (see CONTRIBUTING.md).

import { apkInstalled } from './apk-installed.ts';
import { bazelMavenInstall } from './bazel-maven-install.ts';
import { bazelModule } from './bazel-module.ts';
import { binaryClassifier } from './binary-classifier.ts';
import { bitnamiComponents } from './bitnami-components.ts';
import { bunLock } from './bun-lock.ts';
import { bunLockb } from './bun-lockb.ts';
import { cabalFreeze } from './cabal-freeze.ts';
import { cargoAuditable } from './cargo-auditable.ts';
import { cargoLock } from './cargo-lock.ts';
import { cargoToml } from './cargo-toml.ts';
import type { Cataloger } from './cataloger.ts';
import { chiselManifest } from './chisel-manifest.ts';
import { chocolateyInstalled } from './chocolatey-installed.ts';
import { chromeExtension } from './chrome-extension.ts';
import { composeImages } from './compose-images.ts';
import { composerInstalled } from './composer-installed.ts';
import { composerLock } from './composer-lock.ts';
import { conanLock } from './conan-lock.ts';
import { conanfileTxt } from './conanfile-txt.ts';
import { conaninfo } from './conaninfo.ts';
import { condaEnvironment } from './conda-environment.ts';
import { condaMeta } from './conda-meta.ts';
import { containerdContainers } from './containerd-containers.ts';
import { cosPackages } from './cos-packages.ts';
import { cpanMeta } from './cpan-meta.ts';
import { cpanfile } from './cpanfile.ts';
import { cpanfileSnapshot } from './cpanfile-snapshot.ts';
import { cyclonedxFile } from './cyclonedx-file.ts';
import { debArchive } from './deb-archive.ts';
import { denoJson } from './deno-json.ts';
import { denoLock } from './deno-lock.ts';
import { diskImage } from './disk-image.ts';
import { dockerfileImages } from './dockerfile-images.ts';
import { dotnetDeps } from './dotnet-deps.ts';
import { dotnetPortableExecutable } from './dotnet-portable-executable.ts';
import { dotnetProject } from './dotnet-project.ts';
import { dpkgStatus } from './dpkg-status.ts';
import { elfPackageNote } from './elf-package-note.ts';
import { flatpakApplication } from './flatpak-application.ts';
import { gemfileLock } from './gemfile-lock.ts';
import { gemspec } from './gemspec.ts';
import { gemspecInstalled } from './gemspec-installed.ts';
import { ggufModel } from './gguf-model.ts';
import { githubCompositeAction } from './github-composite-action.ts';
import { githubWorkflow } from './github-workflow.ts';
import { gleamManifest } from './gleam-manifest.ts';
import { gleamToml } from './gleam-toml.ts';
import { goBinary } from './go-binary.ts';
import { goMod } from './go-mod.ts';
import { goSum } from './go-sum.ts';
import { goVendorModules } from './go-vendor-modules.ts';
import { goWork } from './go-work.ts';
import { gradleLockfile } from './gradle-lockfile.ts';
import { gradleVerificationMetadata } from './gradle-verification-metadata.ts';
import { gradleVersionCatalog } from './gradle-version-catalog.ts';
import { homebrewCellar } from './homebrew-cellar.ts';
import { homebrewFormula } from './homebrew-formula.ts';
import { javaArchive } from './java-archive.ts';
import { javaRuntime } from './java-runtime.ts';
import { juliaManifest } from './julia-manifest.ts';
import { juliaProject } from './julia-project.ts';
import { kernelImage } from './kernel-image.ts';
import { kubernetesImages } from './kubernetes-images.ts';
import { linuxKernelModule } from './linux-kernel-module.ts';
import { macApplication } from './mac-application.ts';
import { macportsPortfile } from './macports-portfile.ts';
import { mavenPom } from './maven-pom.ts';
import { miseToml } from './mise-toml.ts';
import { mixLock } from './mix-lock.ts';
import { netscaler } from './netscaler.ts';
import { nimble } from './nimble.ts';
import { nimbleInstalled } from './nimble-installed.ts';
import { nimbleLock } from './nimble-lock.ts';
import { nixStore } from './nix-store.ts';
import { nodePackage } from './node-package.ts';
import { nodeVersion } from './node-version.ts';
import { npmInstalledLock } from './npm-installed-lock.ts';
import { npmLock } from './npm-lock.ts';
import { nugetAssets } from './nuget-assets.ts';
import { nugetConfig } from './nuget-config.ts';
import { nugetLock } from './nuget-lock.ts';
import { nugetProps } from './nuget-props.ts';
import { opam } from './opam.ts';
import { opamSwitch } from './opam-switch.ts';
import { opkgStatus } from './opkg-status.ts';
import { osRelease } from './os-release.ts';
import { otpApp } from './otp-app.ts';
import { packageJson } from './package-json.ts';
import { pacmanLocal } from './pacman-local.ts';
import { paketDependencies } from './paket-dependencies.ts';
import { paketLock } from './paket-lock.ts';
import { pdmLock } from './pdm-lock.ts';
import { phpPear } from './php-pear.ts';
import { phpPecl } from './php-pecl.ts';
import { pipfileLock } from './pipfile-lock.ts';
import { pnpmLock } from './pnpm-lock.ts';
import { podfileLock } from './podfile-lock.ts';
import { podmanContainers } from './podman-containers.ts';
import { poetryLock } from './poetry-lock.ts';
import { portageInstalled } from './portage-installed.ts';
import { pubspecLock } from './pubspec-lock.ts';
import { pubspecYaml } from './pubspec-yaml.ts';
import { pylock } from './pylock.ts';
import { pyproject } from './pyproject.ts';
import { pythonArchive } from './python-archive.ts';
import { pythonEnvironment } from './python-environment.ts';
import { pythonInstalled } from './python-installed.ts';
import { pythonRequirements } from './python-requirements.ts';
import { rDescription } from './r-description.ts';
import { rebarLock } from './rebar-lock.ts';
import { redhatBuild } from './redhat-build.ts';
import { renvLock } from './renv-lock.ts';
import { rockspec } from './rockspec.ts';
import { rpmArchive } from './rpm-archive.ts';
import { rpmDatabase } from './rpm-database.ts';
import { rpmManifest } from './rpm-manifest.ts';
import { safetensorsModel } from './safetensors-model.ts';
import { sbomFile } from './sbom-file.ts';
import { sbtLock } from './sbt-lock.ts';
import { setupCfg } from './setup-cfg.ts';
import { setupPy } from './setup-py.ts';
import { snapContents } from './snap-contents.ts';
import { snapKernel } from './snap-kernel.ts';
import { snapPackage } from './snap-package.ts';
import { spackInstalled } from './spack-installed.ts';
import { spdxFile } from './spdx-file.ts';
import { stackLock } from './stack-lock.ts';
import { stackYaml } from './stack-yaml.ts';
import { swiftPackageResolved } from './swift-package-resolved.ts';
import { swiplPack } from './swipl-pack.ts';
import { terraformLock } from './terraform-lock.ts';
import { uvLock } from './uv-lock.ts';
import { vcpkgJson } from './vcpkg-json.ts';
import { vscodeExtensions } from './vscode-extensions.ts';
import { vsix } from './vsix.ts';
import { wingetInstalled } from './winget-installed.ts';
import { wordpressPlugin } from './wordpress-plugin.ts';
import { yarnLock } from './yarn-lock.ts';

export const catalogers: readonly Cataloger[] = [
  // JavaScript
  npmLock,
  yarnLock,
  pnpmLock,
  bunLock,
  bunLockb,
  denoLock,
  denoJson,
  packageJson,
  nodePackage,
  npmInstalledLock,
  vsix,
  vscodeExtensions,
  chromeExtension,
  nodeVersion,
  // Go, GitHub Actions
  goMod,
  goBinary,
  goSum,
  goWork,
  goVendorModules,
  githubWorkflow,
  githubCompositeAction,
  // Python, Conda
  pythonRequirements,
  poetryLock,
  pipfileLock,
  uvLock,
  pdmLock,
  pylock,
  setupCfg,
  setupPy,
  pyproject,
  pythonInstalled,
  pythonEnvironment,
  pythonArchive,
  condaEnvironment,
  condaMeta,
  // R, Julia, Haskell, Perl, OCaml, Lua, Nim
  renvLock,
  rDescription,
  juliaManifest,
  juliaProject,
  stackLock,
  stackYaml,
  cabalFreeze,
  cpanMeta,
  cpanfile,
  cpanfileSnapshot,
  opam,
  opamSwitch,
  rockspec,
  nimble,
  nimbleInstalled,
  nimbleLock,
  // Java, Scala
  mavenPom,
  gradleLockfile,
  gradleVerificationMetadata,
  gradleVersionCatalog,
  sbtLock,
  bazelMavenInstall,
  bazelModule,
  javaArchive,
  javaRuntime,
  // .NET
  paketLock,
  paketDependencies,
  nugetProps,
  nugetLock,
  nugetConfig,
  nugetAssets,
  dotnetProject,
  dotnetDeps,
  dotnetPortableExecutable,
  // Rust, PHP, Ruby
  gemspecInstalled,
  gemspec,
  gemfileLock,
  phpPecl,
  phpPear,
  composerInstalled,
  composerLock,
  cargoLock,
  cargoAuditable,
  cargoToml,
  // SBOMs in the target
  cyclonedxFile,
  spdxFile,
  sbomFile,
  bitnamiComponents,
  // everything else
  binaryClassifier,
  elfPackageNote,
  linuxKernelModule,
  nixStore,
  redhatBuild,
  rpmDatabase,
  rpmManifest,
  rpmArchive,
  debArchive,
  wingetInstalled,
  containerdContainers,
  podmanContainers,
  osRelease,
  kernelImage,
  miseToml,
  netscaler,
  macportsPortfile,
  spackInstalled,
  chiselManifest,
  cosPackages,
  chocolateyInstalled,
  homebrewCellar,
  homebrewFormula,
  snapPackage,
  snapContents,
  snapKernel,
  flatpakApplication,
  macApplication,
  portageInstalled,
  pacmanLocal,
  apkInstalled,
  opkgStatus,
  dpkgStatus,
  wordpressPlugin,
  ggufModel,
  safetensorsModel,
  kubernetesImages,
  composeImages,
  diskImage,
  dockerfileImages,
  terraformLock,
  vcpkgJson,
  conaninfo,
  conanfileTxt,
  conanLock,
  podfileLock,
  swiftPackageResolved,
  swiplPack,
  gleamManifest,
  gleamToml,
  otpApp,
  rebarLock,
  mixLock,
  pubspecYaml,
  pubspecLock,
];
