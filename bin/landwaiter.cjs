#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
// Starts the program under a Node that can run it: this one, or the one that npm installed beside it. Plain CommonJS, so that any old Node reads it.
'use strict';
const [major, minor] = process.versions.node.split('.').map(Number);
if (major > 22 || (major === 22 && minor >= 18)) {
  try {
    require('../dist/main.cjs');
  } catch (error) {
    process.stderr.write(
      error.code === 'MODULE_NOT_FOUND'
        ? 'landwaiter: the program is not built yet; run: npm run build\n'
        : `${error.stack}\n`,
    );
    process.exitCode = 3;
  }
} else {
  const { spawnSync } = require('node:child_process');
  let node;
  try {
    node = require.resolve(`node-linux-${process.arch}/bin/node`);
  } catch {
    process.stderr.write(`landwaiter needs Node 22.18 or newer; this is ${process.version}\n`);
    process.exit(3);
  }
  const { status, signal } = spawnSync(node, [__filename, ...process.argv.slice(2)], { stdio: 'inherit' });
  if (signal) process.kill(process.pid, signal);
  process.exitCode = status ?? 3;
}
