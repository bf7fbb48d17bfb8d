// SPDX-License-Identifier: Apache-2.0
// npm run bench -- NAME [--json] | --list. Prints value, baseline and ratio; never judges.

import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bundle } from '../../scripts/build.ts';
import { benches } from './index.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean' }, list: { type: 'boolean' } },
});

if (values.list === true || positionals.length === 0) {
  for (const name of Object.keys(benches)) console.log(name);
  process.exitCode = values.list === true ? 0 : 2;
} else {
  await bundle(fileURLToPath(new URL('../../dist', import.meta.url)));
  for (const name of positionals.flatMap((item) => item.split(','))) {
    const open = benches[name];
    if (open === undefined) {
      console.error(`no benchmark "${name}"; there are: ${Object.keys(benches).join(', ')}`);
      process.exitCode = 2;
      continue;
    }
    const bench = await open();
    const { unit, value, baseline, detail } = await bench.run();
    const ratio = Number((value / baseline).toFixed(3));
    const result = {
      name,
      unit,
      value: Number(value.toFixed(3)),
      baseline: Number(baseline.toFixed(3)),
      ratio,
      detail,
    };
    if (values.json === true) console.log(JSON.stringify(result));
    else {
      console.log(`${name}: ${bench.title}`);
      console.log(`  ${result.value} ${unit} against ${result.baseline} ${unit}: ratio ${ratio}`);
      for (const [key, item] of Object.entries(detail)) console.log(`  ${key}: ${item}`);
    }
  }
}
