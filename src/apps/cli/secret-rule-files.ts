// SPDX-License-Identifier: Apache-2.0
// Which rules a search for secrets uses. The order is gitleaks': the flag, the variables, the file beside the target, the shipped rules; but a
// file beside the target counts only when it belongs to the working folder of the user, because whoever writes a target must not be able to
// silence findings about it.
import { dirname, join, resolve } from 'node:path';
import { defaultSecretRules } from '../../evidence/secrets/default-rules.ts';
import type { SecretRuleSet } from '../../formats/secret-rules.ts';
import { localDisk } from '../../io/disk.ts';
import { LandwaiterError } from '../../model/error.ts';
import { defaultLimits } from '../../model/limits.ts';
import { formatLocation } from '../../model/location.ts';
import type { FlagValues } from './arguments.ts';
import type { CommandContext } from './command.ts';

export interface ChosenRules {
  readonly ruleSet: SecretRuleSet;
  /** Where they come from, for the log. */
  readonly source: string;
  /** The file as paths of the target would name it; never searched itself. */
  readonly ownPath?: string;
  readonly areShipped: boolean;
}

/** Throws CONFIG_INVALID for rules that cannot be used, TARGET_NOT_FOUND for a file that is not there, USAGE for unknown ids. */
export async function chooseRules(
  context: CommandContext,
  values: FlagValues,
  isOwnTarget: boolean,
): Promise<ChosenRules> {
  const chosen = await rulesFrom(context, values, isOwnTarget);
  const wanted = new Set(values.list('enable-rule').flatMap((ids) => ids.split(',')));
  if (wanted.size === 0) return chosen;
  const known = new Set(chosen.ruleSet.rules.map(({ id }) => id));
  const missing = [...wanted].find((id) => !known.has(id));
  if (missing !== undefined)
    throw new LandwaiterError({ code: 'USAGE', message: `there is no secret rule "${missing}" in ${chosen.source}` });
  // Rules that the wanted ones require stay, but report nothing by themselves.
  const rules = chosen.ruleSet.rules.map((rule) => (wanted.has(rule.id) ? rule : { ...rule, skipReport: true }));
  return { ...chosen, ruleSet: { ...chosen.ruleSet, rules } };
}

async function rulesFrom(context: CommandContext, values: FlagValues, isOwnTarget: boolean): Promise<ChosenRules> {
  const named = values.text('secret-rules') ?? context.environment['GITLEAKS_CONFIG'];
  if (named !== undefined && named !== '') return read(context, named, textOf(resolve(context.cwd, named), named));
  const inline = context.environment['GITLEAKS_CONFIG_TOML'];
  if (inline !== undefined && inline !== '') return read(context, 'GITLEAKS_CONFIG_TOML', inline);
  const beside = join(context.cwd, '.gitleaks.toml');
  if (isOwnTarget && localDisk.kindOf(beside) === 'file')
    return read(context, '.gitleaks.toml', textOf(beside, '.gitleaks.toml'));
  return { ruleSet: defaultSecretRules(), source: 'the shipped rules', areShipped: true };
}

/** Its readers are loaded only here: a hook with the shipped rules has no use for them. */
async function read(context: CommandContext, name: string, text: string): Promise<ChosenRules> {
  const { readGitleaksConfig } = await import('../../formats/gitleaks-config.ts');
  const folder = dirname(resolve(context.cwd, name));
  const { ruleSet, problems } = readGitleaksConfig(text, name, {
    defaultRules: defaultSecretRules,
    readExtended: (path) => {
      // gitleaks looks from the working folder; people mean the folder of the file as often.
      const found = [resolve(context.cwd, path), resolve(folder, path)].find(
        (file) => localDisk.kindOf(file) === 'file',
      );
      return found === undefined ? undefined : textOf(found, path);
    },
  });
  if (ruleSet === undefined)
    throw new LandwaiterError({
      code: 'CONFIG_INVALID',
      message: `${name}: ${problems[0]?.message ?? 'cannot be used'}`,
    });
  // Rules that are not there find nothing, and nobody would notice.
  const missing = problems.find(({ hidesFindings }) => hidesFindings);
  if (missing !== undefined)
    throw new LandwaiterError({
      code: 'CONFIG_INVALID',
      message: `${formatLocation(missing.location)}: ${missing.message}`,
    });
  if (ruleSet.rules.length === 0)
    throw new LandwaiterError({
      code: 'CONFIG_INVALID',
      message: `${name}: there are no rules in it`,
      hint: 'rules are tables [[rules]]; [extend] useDefault = true adds the shipped ones',
    });
  for (const { location, message } of problems) context.log.warn(`${formatLocation(location)}: ${message}`);
  return { ruleSet, source: name, ownPath: name.replace(/^\.\//, ''), areShipped: false };
}

function textOf(path: string, name: string): string {
  const result = localDisk.read(path, defaultLimits.configBytes * 16);
  if (result.kind === 'bytes') return Buffer.from(result.bytes).toString('utf8');
  const message = `the secret rules ${name} cannot be read: ${result.kind === 'too-large' ? `${result.size} bytes` : result.reason}`;
  throw new LandwaiterError({ code: 'TARGET_NOT_FOUND', message });
}
