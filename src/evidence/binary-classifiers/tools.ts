// SPDX-License-Identifier: Apache-2.0
// Shells, libraries, compression, cryptography, browsers and other tools.
import type { BinaryClassifier } from './classifier.ts';
import { betweenNuls, generic } from './classifier.ts';

const openssl = String.raw`\d\.\d{1,2}\.\d{1,3}[a-z]{0,2}(?:-(?:alpha|beta|dev|pre|fips)\d{0,2})?`;

export const tools: readonly BinaryClassifier[] = [
  {
    id: 'busybox',
    files: ['**/busybox', '**/busybox.static'],
    product: generic('busybox', 'busybox:busybox'),
    rules: [{ near: 'BusyBox v', pattern: /BusyBox v(?<version>\d{1,2}\.\d{1,3}\.\d{1,3})/ }],
  },
  {
    id: 'bash',
    files: ['**/bash'],
    product: generic('bash', 'gnu:bash'),
    rules: [
      {
        near: '@(#)Bash version ',
        pattern: /@\(#\)Bash version (?<version>\d{1,2}\.\d{1,3}\.\d{1,3}(?:-(?:alpha|beta|rc)\d{0,2})?)/,
      },
    ],
  },
  {
    id: 'util-linux',
    files: ['**/getopt'],
    product: generic('util-linux', 'kernel:util-linux'),
    rules: [{ near: 'util-linux ', pattern: /util-linux (?<version>\d{1,2}\.\d{1,3}(?:\.\d{1,3})?(?:-rc\d{1,2})?)/ }],
  },
  {
    id: 'openssl',
    files: ['**/openssl{,.exe}', '**/libcrypto.so*', '**/libssl.so*', '**/libcrypto*.dylib', '**/libcrypto-*.dll'],
    product: generic('openssl', 'openssl:openssl'),
    rules: [
      {
        near: 'AWS-LC ',
        pattern: /AWS-LC (?<version>\d{1,2}\.\d{1,3}\.\d{1,3})/,
        product: generic('aws-lc', 'amazon:aws-lc'),
      },
      { near: 'OpenSSL ', pattern: new RegExp(String.raw`OpenSSL (?<version>${openssl})(?=[ \x00])`) },
    ],
  },
  {
    id: 'curl',
    files: ['**/curl{,.exe}', '**/libcurl.so*', '**/libcurl*.dll'],
    product: generic('curl', 'haxx:curl'),
    rules: [
      { near: 'libcurl/', pattern: /libcurl\/(?<version>\d{1,2}\.\d{1,3}\.\d{1,3}(?:-DEV)?)/ },
      { near: 'curl/', pattern: /curl\/(?<version>\d{1,2}\.\d{1,3}\.\d{1,3}(?:-DEV)?)/ },
      { near: 'curl ', pattern: /curl (?<version>\d{1,2}\.\d{1,3}\.\d{1,3}(?:-DEV)?) \(/ },
    ],
  },
  {
    id: 'gzip',
    files: ['**/gzip'],
    product: generic('gzip', 'gnu:gzip'),
    rules: [
      { near: '%s %s\n', pattern: /\0(?<version>1\.\d{1,2})\0{1,8}%s %s\n/ },
      { pattern: betweenNuls(String.raw`1\.\d{1,2}`) },
    ],
  },
  {
    id: 'xz',
    files: ['**/xz', '**/liblzma.so*'],
    product: generic('xz', 'tukaani:xz'),
    rules: [
      { near: '(XZ Utils) ', pattern: /\(XZ Utils\) (?<version>\d\.\d{1,2}\.\d{1,2}(?:alpha|beta)?)/ },
      { pattern: betweenNuls(String.raw`5\.\d\.\d{1,2}(?:alpha|beta)?`) },
    ],
  },
  {
    id: 'zstd',
    files: ['**/zstd'],
    product: generic('zstd', 'facebook:zstandard'),
    rules: [
      { near: 'Zstandard', pattern: /(?:^|[^\w.])v?(?<version>1\.\d\.\d{1,2})\0/ },
      { pattern: /(?:^|[^\w.])v?(?<version>[01]\.\d\.\d{1,2})\0/ },
    ],
  },
  {
    id: 'krb5',
    files: ['**/libkrb5.so*', '**/libkrb5*.dylib'],
    product: generic('krb5', 'mit:kerberos_5'),
    rules: [
      {
        near: 'Heimdal ',
        pattern: /Heimdal (?<version>\d{1,2}\.\d{1,3}(?:\.\d{1,3})?)/,
        product: generic('heimdal-krb5', 'heimdal_project:heimdal'),
      },
      { near: 'KRB5_BRAND: ', pattern: /KRB5_BRAND: krb5-(?<version>\d\.\d{1,2}(?:\.\d{1,3})?)/ },
    ],
  },
  {
    id: 'qt',
    files: ['**/libQtCore.so*', '**/libQt[456]Core.so*', '**/libQt[456]Core*.dylib', '**/Qt[56]Core.dll'],
    product: generic('qtbase', 'qt:qt', 'qt:qtbase'),
    rules: [
      { near: 'QtCore library version ', pattern: /QtCore library version (?<version>\d\.\d{1,2}\.\d{1,3})/ },
      { near: 'Qt ', pattern: /Qt (?<version>\d\.\d{1,2}\.\d{1,3}) \(/ },
    ],
  },
  {
    id: 'ffmpeg',
    files: ['**/{ffmpeg,ffprobe,ffplay}{,.exe}'],
    product: generic('ffmpeg', 'ffmpeg:ffmpeg'),
    rules: [
      { near: '%s version ', pattern: /%s version (?<version>\d{1,2}\.\d{1,2}(?:\.\d{1,2})?)/ },
      { near: 'FFmpeg version ', pattern: /FFmpeg version n?(?<version>\d{1,2}\.\d{1,2}(?:\.\d{1,2})?)/ },
    ],
  },
  {
    id: 'ffmpeg-library',
    files: ['**/libav{codec,format,util,filter,device}*.so*', '**/libsw{scale,resample}*.so*'],
    product: generic('ffmpeg', 'ffmpeg:ffmpeg'),
    rules: [{ near: 'FFmpeg version ', pattern: /FFmpeg version n?(?<version>\d{1,2}\.\d{1,2}(?:\.\d{1,2})?)/ }],
  },
  {
    id: 'chrome',
    files: ['**/{chrome,chromium,google-chrome}'],
    product: generic('chrome', 'google:chrome'),
    rules: [{ pattern: betweenNuls(String.raw`\d{2,3}\.0\.\d{4,5}\.\d{1,3}`) }],
  },
  {
    id: 'firefox',
    files: ['**/application.ini'],
    content: 'text',
    product: generic('firefox', 'mozilla:firefox'),
    rules: [
      {
        near: 'Name=Firefox',
        reach: 600,
        pattern: /\nVersion=(?<version>\d{1,3}\.\d{1,3}(?:\.\d{1,3})?(?:(?:a|b)\d{1,2}|esr)?)\r?\n/,
      },
    ],
  },
  {
    id: 'wp-cli',
    files: ['**/wp', '**/wp-cli.phar'],
    content: 'text',
    product: generic('wp-cli', 'wp-cli:wp-cli'),
    rules: [{ near: 'wp-cli/wp-cli ', pattern: /wp-cli\/wp-cli (?<version>\d{1,2}\.\d{1,2}\.\d{1,3})/ }],
  },
];
