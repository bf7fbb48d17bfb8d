// SPDX-License-Identifier: Apache-2.0
// Language runtimes and compilers, Java excepted (java.ts).
import type { BinaryClassifier } from './classifier.ts';
import { betweenNuls, generic } from './classifier.ts';

const threeNumbers = String.raw`\d{1,2}\.\d{1,3}\.\d{1,3}`;

/** `python3.9` and `libpython3.9.so` state half of the version in their name: the text that begins with it is the version. */
function pythonVersion(path: string): RegExp | undefined {
  const named = /python(\d)\.(\d{1,2})[a-z]{0,2}(?:\.|$|-)/.exec(path.slice(path.lastIndexOf('/') + 1));
  const [, major = String.raw`[23]`, minor = String.raw`\d{1,2}`] = named ?? [];
  return betweenNuls(String.raw`${major}\.${minor}\.\d{1,2}(?:(?:a|b|rc)\d{1,2})?\+?`);
}

const julia = String.raw`[01]\.\d{1,2}\.\d{1,2}(?:-(?:alpha|beta|rc|DEV)[.\d]{0,6})?`;

export const runtimes: readonly BinaryClassifier[] = [
  {
    id: 'python',
    files: ['**/python{,2,3}{,.exe}', '**/python[23].*', '**/libpython*.so*', '**/libpython*.dylib', '**/python3*.dll'],
    product: generic('python', 'python:python', 'python_software_foundation:python'),
    rules: [
      { near: 'PYTHONIOENCODING', pattern: pythonVersion },
      { near: '%.80s (%.80s) %.80s', pattern: pythonVersion },
      { pattern: pythonVersion },
    ],
  },
  {
    id: 'pypy',
    files: ['**/libpypy*.so*', '**/pypy{,3}', '**/pypy3.*'],
    product: generic('pypy', 'pypy:pypy'),
    rules: [{ near: '[PyPy ', pattern: /\[PyPy (?<version>\d{1,2}\.\d{1,2}\.\d{1,3}(?:(?:a|b|rc)\d{1,2})?)/ }],
  },
  {
    id: 'node',
    files: ['**/{node,nodejs}{,.exe}'],
    product: generic('node', 'nodejs:node.js'),
    rules: [
      { near: 'node.js/v', pattern: /node\.js\/v(?<version>\d{1,3}\.\d{1,3}\.\d{1,3})/ },
      { near: 'node v', pattern: /node v(?<version>\d{1,3}\.\d{1,3}\.\d{1,3})\0/ },
      { pattern: /[^\x20-\x7e]v(?<version>\d{1,3}\.\d{1,3}\.\d{1,3})\0/ },
    ],
  },
  {
    id: 'deno',
    files: ['**/deno{,.exe}'],
    product: generic('deno', 'deno:deno'),
    rules: [
      { near: 'Deno/', pattern: new RegExp(String.raw`Deno/(?<version>${threeNumbers})(?=[^\d.])`) },
      { near: 'release/v', pattern: new RegExp(String.raw`release/v(?<version>${threeNumbers})(?=[^\d.])`) },
      // A commit of forty digits runs into the version, before it or behind it.
      {
        near: 'deno-canary/',
        pattern: new RegExp(String.raw`deno-canary/[0-9a-f]{40}(?<version>${threeNumbers})(?=[^\d.])`),
      },
      { near: 'deno-', pattern: new RegExp(String.raw`deno-[0-9a-f]{40}(?<version>${threeNumbers})(?=[^\d.])`) },
      {
        near: 'DENO_',
        pattern: new RegExp(String.raw`(?:^|[^\d.])(?<version>\d{1,2}\.\d{1,2}\.\d{1,2}?)[0-9a-f]{40}DENO_`),
      },
    ],
  },
  {
    id: 'bun',
    files: ['**/bun{,.exe}'],
    product: generic('bun', 'oven:bun'),
    rules: [
      { near: 'Bun v', pattern: new RegExp(String.raw`Bun v(?<version>${threeNumbers})`) },
      { near: 'bun-', pattern: new RegExp(String.raw`bun-(?<version>${threeNumbers})`) },
    ],
  },
  {
    id: 'ruby',
    files: ['**/ruby{,.exe}', '**/ruby[0-9]*', '**/libruby*.so*', '**/libruby*.dylib'],
    product: generic('ruby', 'ruby-lang:ruby'),
    rules: [
      {
        near: 'ruby ',
        pattern: /ruby (?<version>\d{1,2}\.\d{1,2}\.\d{1,2}(?:(?:p|preview|rc)\d{1,4}|dev)?) \(\d{4}-\d\d-\d\d/,
      },
    ],
  },
  {
    id: 'perl',
    files: ['**/perl{,.exe}', '**/perl5*', '**/libperl.so*'],
    product: generic('perl', 'perl:perl'),
    rules: [
      { near: '/perl5/', pattern: /\/perl5\/(?:[a-z_]{1,20}\/)?(?<version>5\.\d{1,2}\.\d{1,2})(?=[/\0])/ },
      { near: '/perl/', pattern: /\/perl\/(?<version>5\.\d{1,2}\.\d{1,2})(?=[/\0])/ },
    ],
  },
  ...['php', 'php-cgi', 'php-fpm', 'libphp'].map(phpProgram),
  {
    id: 'go',
    files: ['**/go{,.exe}'],
    product: generic('go', 'golang:go'),
    rules: [
      { near: 'go1.', pattern: /(?:^|[^\x20-\x7e])go(?<version>1\.\d{1,3}(?:\.\d{1,3})?(?:(?:rc|beta)\d{1,2})?)\0/ },
    ],
  },
  {
    // The file that a Go distribution has at its top; sources of Go have none or a development version.
    id: 'go-version-file',
    files: ['**/VERSION', '**/VERSION.cache'],
    content: 'text',
    product: generic('go', 'golang:go'),
    rules: [
      {
        near: 'go1.',
        pattern:
          /^(?:devel )?go(?<version>1\.\d{1,3}(?:\.\d{1,3})?(?:(?:rc|beta)\d{1,2})?(?:-[0-9a-f]{7,40})?)(?=\s|$)/,
      },
    ],
  },
  {
    id: 'rust-standard-library',
    files: ['**/libstd-????????????????.so', '**/libstd-????????????????.dylib', '**/std-????????????????.dll'],
    product: generic('rust', 'rust-lang:rust'),
    rules: [
      {
        near: 'rustc version ',
        pattern: /rustc version (?<version>1\.\d{1,3}\.\d{1,2}(?:-(?:nightly|beta)[.\d]{0,4})?)/,
      },
      {
        pattern: /c (?<version>1\.\d{1,3}\.\d{1,2}(?:-(?:nightly|beta)[.\d]{0,4})?) \([0-9a-f]{9} \d{4}-\d\d-\d\d\)/,
      },
    ],
  },
  {
    id: 'gcc',
    files: ['**/{gcc,g++,cc1,cc1plus}', '**/gcc-[0-9]*', '**/g++-[0-9]*'],
    product: generic('gcc', 'gnu:gcc'),
    rules: [
      { near: '/gcc-', pattern: /\/gcc-(?<version>\d{1,2}\.\d{1,2}\.\d{1,2})(?=[/\0])/ },
      { near: 'GCC: (', pattern: /GCC: \([^)]{1,80}\) (?<version>\d{1,2}\.\d{1,2}\.\d{1,2})/ },
      { pattern: betweenNuls(String.raw`\d{1,2}\.\d\.\d`) },
    ],
  },
  {
    id: 'erlang',
    files: ['**/{erlexec,beam.smp}', '**/beam.*.smp'],
    product: generic('erlang', 'erlang:erlang/otp'),
    rules: erlangRules(),
  },
  {
    id: 'erlang-library',
    files: ['**/liberts_internal.a'],
    content: 'text',
    product: generic('erlang', 'erlang:erlang/otp'),
    rules: erlangRules(),
  },
  {
    id: 'elixir',
    files: ['**/elixir'],
    content: 'text',
    product: generic('elixir', 'elixir-lang:elixir'),
    rules: [
      { near: 'ELIXIR_VERSION=', pattern: /ELIXIR_VERSION=(?<version>[0-9]{1,2}\.[0-9]{1,3}\.[0-9]{1,3}[\w.-]{0,20})/ },
    ],
  },
  {
    id: 'elixir-library',
    files: ['**/elixir/ebin/elixir.app'],
    content: 'text',
    product: generic('elixir', 'elixir-lang:elixir'),
    rules: [{ near: '{vsn,', pattern: /\{vsn, ?"(?<version>[0-9]{1,2}\.[0-9]{1,3}\.[0-9]{1,3}[\w.-]{0,20})"/ }],
  },
  {
    id: 'dart',
    files: ['**/{dart,dartvm}{,.exe}'],
    product: generic('dart', 'dart:dart_software_development_kit'),
    rules: [
      {
        near: ') (',
        pattern:
          /(?:^|[^\d.])(?<version>\d\.\d{1,2}\.\d{1,2}(?:-\d{1,3}(?:\.\d{1,2})?\.(?:beta|dev))?) \((?:stable|beta|dev)\) \(/,
      },
    ],
  },
  {
    id: 'haskell-ghc',
    files: ['**/ghc', '**/ghc-[0-9]*'],
    product: generic('haskell/ghc', 'haskell:ghc'),
    rules: [
      { near: 'GHC ', pattern: /GHC (?<version>\d{1,2}\.\d{1,2}\.\d{1,2})\0/ },
      { near: 'libHSghc-', pattern: /libHSghc-(?<version>\d{1,2}\.\d{1,2}\.\d{1,2})-/ },
    ],
  },
  {
    id: 'haskell-cabal',
    files: ['**/cabal'],
    product: generic('haskell/cabal', 'haskell:cabal'),
    rules: [
      { near: 'cabal-install-', pattern: /cabal-install-(?<version>\d{1,2}(?:\.\d{1,3}){2,3})-/ },
      { near: 'Cabal-', pattern: /Cabal-(?<version>\d{1,2}(?:\.\d{1,3}){2,3})-/ },
    ],
  },
  {
    id: 'swipl',
    files: ['**/swipl'],
    product: generic('swipl', 'swi-prolog:swi-prolog', 'swi-prolog:swipl'),
    rules: [{ near: 'swipl-', pattern: /swipl-(?<version>\d{1,2}\.\d{1,2}\.\d{1,3})\// }],
  },
  {
    id: 'julia',
    files: ['**/julia{,.exe}', '**/libjulia{,-internal}.so*', '**/libjulia{,-internal}.*.dylib'],
    product: generic('julia', 'julialang:julia'),
    rules: [
      { near: 'julia version %s', reach: 40, pattern: betweenNuls(julia) },
      { near: '\0branch\0commit\0', reach: 40, pattern: betweenNuls(julia) },
      { near: '\0verify_methods\0', reach: 40, pattern: betweenNuls(julia) },
      { pattern: betweenNuls(julia) },
    ],
  },
];

/** Sources lie in `otp_src_26.2.4`; else the release stands beside the banner, whose first number it begins with. */
function erlangRules(): BinaryClassifier['rules'] {
  return [
    { near: '/otp_src_', pattern: /\/otp_src_(?<version>\d{2}(?:\.\d{1,3}){1,4})\// },
    {
      near: 'Erlang/OTP ',
      reach: 300,
      pattern: /\0(?<version>(?<major>\d{2})(?:\.\d{1,3}){1,4})\0{1,32}Erlang\/OTP \k<major>/,
    },
    {
      near: 'Erlang/OTP ',
      reach: 300,
      pattern: /Erlang\/OTP (?<major>\d{2})%s[^\0]{0,200}\0{1,8}(?<version>\k<major>(?:\.\d{1,3}){1,4})\0/,
    },
  ];
}

function phpProgram(name: string): BinaryClassifier {
  const isLibrary = name === 'libphp';
  return {
    id: name,
    files: isLibrary ? ['**/libphp*.so'] : [`**/${name}`, `**/${name}[0-9]*`],
    product: generic(name === 'php' ? 'php-cli' : name, 'php:php'),
    rules: [
      {
        near: 'X-Powered-By: PHP/',
        pattern: /PHP\/(?<version>\d{1,2}\.\d{1,2}\.\d{1,3}(?:(?:alpha|beta|RC)\d{1,2})?)/,
      },
    ],
  };
}
