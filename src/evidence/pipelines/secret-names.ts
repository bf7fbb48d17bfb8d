// SPDX-License-Identifier: Apache-2.0
// Which names and values of variables are those of secrets. Guesses by words, used where a system keeps its secrets outside the file and a name is all
// that is seen. Secrets in text are found by the secret scanner, not here.

/** Words that make a variable a secret, between underscores or at an end; `PUBLIC` and `KEY_ID` and the like are not. */
const secretWord =
  /(?:^|[_.-])(?:TOKENS?|SECRETS?|PASSWORDS?|PASSWD|PASSPHRASE|PASS|PWD|API_?KEY|ACCESS_?KEY|SECRET_?KEY|PRIVATE_?KEY|SIGNING_?KEY|DEPLOY_?KEY|SSH_?KEY|AUTH_?KEY|GPG_?KEY|CREDENTIALS?|CREDS|KUBE_?CONFIG|PAT|WEBHOOK_URL|CONNECTION_STRING|SERVICE_ACCOUNT_JSON)(?:$|[_.-])/;
const notSecret =
  /PUBLIC|(?:TOKEN|SECRET|KEY|PASSWORD|CREDENTIALS?)_(?:ID|NAME|FILE|PATH|URL|URI|TYPE|LENGTH|TTL|EXPIRY|LIFETIME|VERSION|ENDPOINT)$/;

/** true when a variable of this name is a secret by its name. */
export function isSecretName(name: string): boolean {
  if (name.length > 200) return false;
  const upper = name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase();
  // `secrets` alone is a list of them.
  return upper !== 'SECRETS' && secretWord.test(upper) && !notSecret.test(upper);
}

/** true for a value that is written out: not empty, no reference to something else, no placeholder. */
export function isLiteralSecret(value: string): boolean {
  const text = value.trim();
  if (text.length < 6 || text.length > 10_000) return false;
  if (/[$%{<]|\*\*\*|^@|^(?:file|vault|env|ref|arn|ssm|op):/i.test(text.slice(0, 300))) return false;
  if (/^(?:true|false|null|none|yes|no|on|off|default|[0-9.]+)$/i.test(text)) return false;
  return !/change[-_]?me|example|placeholder|dummy|your[-_]|redacted|xxxx|todo|to-be-|insert|fake|not-?a-?secret|\.\.\./i.test(
    text,
  );
}

/** Static keys of clouds, for which each of them has a way without: workload identity by OIDC. */
const cloudKeyNames: readonly (readonly [pattern: RegExp, cloud: string])[] = [
  [/^AWS_(?:SECRET_ACCESS_KEY|ACCESS_KEY_ID)$|AWS_.{0,60}SECRET_(?:ACCESS_)?KEY/i, 'AWS'],
  [/^(?:AZURE_CLIENT_SECRET|ARM_CLIENT_SECRET|AZURE_CREDENTIALS|AZURE_PASSWORD)$/i, 'Azure'],
  [
    /^(?:GCP|GOOGLE|GCLOUD|GKE)_.{0,60}(?:CREDENTIALS?(?:_JSON)?|SA_KEY|SERVICE_?ACCOUNT_?KEY|SERVICE_ACCOUNT|KEY_JSON|KEY)$/i,
    'Google Cloud',
  ],
];

/** The cloud a secret of this name is a static key of. */
export function cloudOfKey(name: string): string | undefined {
  return name.length > 120 ? undefined : cloudKeyNames.find(([pattern]) => pattern.test(name))?.[1];
}

/** Names of variables that a shell text reads: `$NAME`, `${NAME}`, `${NAME:-x}`, each once. */
export function shellVariables(text: string): readonly string[] {
  const names = new Set<string>();
  for (const match of text.slice(0, 1_000_000).matchAll(/\$(?:\{([A-Za-z_]\w{0,120})|([A-Za-z_]\w{0,120}))/g))
    names.add(match[1] ?? match[2] ?? '');
  return [...names];
}
