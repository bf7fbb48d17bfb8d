// SPDX-License-Identifier: Apache-2.0
// Credentials that a program prints (client-go credential plugins, client.authentication.k8s.io/v1 and v1beta1). It is run only where the user allowed it:
// without a shell, without a terminal, bounded in time and output.

import { asObject, asString } from '../../formats/document.ts';
import { parseJson } from '../../formats/json.ts';
import type { ClusterAccess, CredentialProgram } from '../../formats/kubeconfig.ts';
import { LandwaiterError } from '../../model/error.ts';
import { defaultLimits } from '../../model/limits.ts';
import { runProgram } from '../program.ts';
import type { Environment } from '../registry/proxy.ts';
import { resolveBeside, sourceText } from './access.ts';

export interface PrintedCredential {
  readonly token: string | undefined;
  readonly client: { readonly certificate: string; readonly key: string } | undefined;
  /** Milliseconds since 1970. */
  readonly expires: number | undefined;
}

const versions: ReadonlySet<string> = new Set([
  'client.authentication.k8s.io/v1',
  'client.authentication.k8s.io/v1beta1',
]);
const time = 60_000;

/** Throws CONFIG_INVALID for a configuration that cannot work, PROGRAM_FAILED for a program that does not. */
export async function printCredential(
  program: CredentialProgram,
  access: ClusterAccess,
  environment: Environment,
): Promise<PrintedCredential> {
  const { apiVersion, command } = program;
  if (!versions.has(apiVersion))
    throw new LandwaiterError({
      code: 'CONFIG_INVALID',
      message: `${program.from}: credential plugins of ${apiVersion || 'no version'} are not known`,
    });
  if (program.interactiveMode === 'Always')
    throw new LandwaiterError({
      code: 'CONFIG_INVALID',
      message: `${program.from}: ${command} wants a terminal (interactiveMode: Always), and there is none`,
    });
  const answer = await runProgram({
    program: command.includes('/') ? resolveBeside(command, program.from) : command,
    arguments: program.arguments,
    input: Buffer.alloc(0),
    environment: {
      ...environment,
      ...program.environment,
      KUBERNETES_EXEC_INFO: JSON.stringify(execInfo(program, access)),
    },
    time,
    outputBytes: defaultLimits.configBytes,
  });
  if (answer.status !== 0) throw failed(command, `it ended with ${answer.status}`);
  return readCredential(answer.output.toString('utf8'), program);
}

function execInfo(program: CredentialProgram, access: ClusterAccess): object {
  const cluster = {
    server: access.server,
    ...(access.serverName === undefined ? {} : { 'tls-server-name': access.serverName }),
    ...(access.verification === 'off' ? { 'insecure-skip-tls-verify': true } : {}),
    ...(access.authority === undefined
      ? {}
      : { 'certificate-authority-data': Buffer.from(sourceText(access.authority)).toString('base64') }),
  };
  return {
    kind: 'ExecCredential',
    apiVersion: program.apiVersion,
    spec: { interactive: false, ...(program.provideClusterInfo ? { cluster } : {}) },
  };
}

function readCredential(text: string, { apiVersion, command }: CredentialProgram): PrintedCredential {
  const { value, problems } = parseJson(text, command);
  const root = asObject(value);
  // What was printed may hold credentials: it is never shown.
  if (root === undefined || problems.length > 0) throw failed(command, 'it did not print a credential');
  if (root['kind'] !== 'ExecCredential' || root['apiVersion'] !== apiVersion)
    throw failed(command, `it did not print an ExecCredential of ${apiVersion}`);
  const status = asObject(root['status']);
  const token = asString(status?.['token']);
  const certificate = asString(status?.['clientCertificateData']);
  const key = asString(status?.['clientKeyData']);
  if ((token ?? '') === '' && (certificate === undefined || key === undefined))
    throw failed(command, 'it printed neither a token nor a certificate with its key');
  const expires = Date.parse(asString(status?.['expirationTimestamp']) ?? '');
  return {
    token: token === '' ? undefined : token,
    client: certificate === undefined || key === undefined ? undefined : { certificate, key },
    expires: Number.isNaN(expires) ? undefined : expires,
  };
}

function failed(command: string, reason: string): LandwaiterError {
  return new LandwaiterError({ code: 'PROGRAM_FAILED', message: `${command}: ${reason}` });
}
