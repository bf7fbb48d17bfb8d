// SPDX-License-Identifier: Apache-2.0
// Tools that run, or are steered by, what lies in the sources: whoever wrote the sources decides what they do. Names as poutine groups them; the behaviour is
// documented by each tool ("living off the pipeline").

interface BuildTool {
  readonly name: string;
  /** Tried at each command of a script. */
  readonly commands: RegExp;
}

const start = '(?:^|[^A-Za-z])';

function tool(name: string, source: string, flags = 'm'): BuildTool {
  return { name, commands: new RegExp(`${start}(?:${source})`, flags) };
}

const tools: readonly BuildTool[] = [
  tool('bash', String.raw`[^\s;&|"'()]{1,200}\.sh\b`),
  { name: 'chmod', commands: /^[ \t]{0,40}chmod[ \t]{1,10}[^\n]{0,200}(?:\+x|\b[0-7]{2,3}[1357]\b)/m },
  { name: 'python', commands: /^[ \t]{0,40}python3?[ \t]{1,10}[^\s-][^\s]{0,200}\.py\b/m },
  tool('powershell', String.raw`[^\s;&|"'()]{1,200}\.ps1\b`),
  tool(
    'npm',
    String.raw`npm (?:ci\b|i\b|in\b|ins\b|inst\w{0,6}\b|isnt\w{0,6}\b|add\b|t\b|tst\b|test\b|start\b|stop\b|restart\b|run\b|run-script\b|rum\b|urn\b|diff\b|ver(?:si|is)on\b)`,
  ),
  tool('yarn', 'yarn '),
  tool('pnpm', String.raw`pnpm (?:i\b|install\b|run\b|test\b|exec\b|build\b)`),
  tool('pip', String.raw`(?:pip3? install|pipenv (?:install|run )|uv (?:sync|run|pip install)|poetry (?:install|run))`),
  tool('make', 'make '),
  { name: 'ant', commands: /^[ \t]{0,40}ant /m },
  tool('bundler', String.raw`bundle (?:install\b|exec )`),
  tool('cargo', 'cargo (?:build|run|test|bench)'),
  tool('checkov', 'checkov '),
  tool('docker', 'docker (?:buildx )?build'),
  tool('eslint', 'eslint '),
  tool('go generate', 'go generate'),
  tool('gomplate', 'gomplate '),
  tool('goreleaser', 'goreleaser (?:build|release)'),
  tool('gradle', String.raw`(?:\./)?gradlew?(?:\.bat)? `),
  tool('maven', String.raw`(?:mvn |\./mvnw(?:\.\w{2,3})? )`),
  tool('mkdocs', 'mkdocs build'),
  tool('msbuild', '(?:msbuild |dotnet (?:build|test|run|publish))'),
  tool('mypy', 'mypy '),
  tool('phpstan', 'phpstan '),
  tool('composer', 'composer (?:install|update)'),
  tool('pre-commit', 'pre-commit (?:run|install)'),
  tool('rake', '(?:rails (?:db:create|assets:precompile))'),
  { name: 'rake', commands: /^[ \t]{0,40}rake /m },
  tool('rubocop', 'rubocop'),
  tool('sonar-scanner', 'sonar-scanner'),
  tool('stylelint', 'stylelint '),
  tool('tar', String.raw`tar (?:-?x-?P-?f|-?P-?x-?f|-?x -P -f|-?P -x -f) `),
  tool('unzip', String.raw`unzip [^\n]{0,200}-:`),
  tool('terraform', 'terraform (?:init|plan|apply)'),
  tool('tofu', 'tofu (?:init|plan|apply)'),
  tool('tflint', 'tflint'),
  tool('trivy', 'trivy '),
  tool('vale', 'vale '),
  tool('webpack', 'webpack'),
];

/** Names of the tools a script runs, each once. Only the beginning of huge scripts is looked at. */
export function buildToolsIn(script: string): readonly string[] {
  const text = script.slice(0, longestScript);
  return [...new Set(tools.filter(({ commands }) => commands.test(text)).map(({ name }) => name))];
}

const longestScript = 200_000;

/** Actions that are such tools; the value is the tool. */
const actions: ReadonlyMap<string, string> = new Map(
  Object.entries({
    bundler: ['ruby/setup-ruby'],
    cargo: ['actions-rs/cargo'],
    checkov: ['bridgecrewio/checkov-action'],
    docker: ['docker/build-push-action', 'docker/setup-buildx-action', 'docker/bake-action'],
    eslint: [
      'reviewdog/action-eslint',
      'stefanoeb/eslint-action',
      'tj-actions/eslint-changed-files',
      'sibiraj-s/action-eslint',
      'tinovyatkin/action-eslint',
      'bradennapier/eslint-plus-action',
      'catchen/eslint-suggestion-action',
      'icrawl/action-eslint',
      'ninosaurus/eslint-check',
    ],
    'golangci-lint': ['golangci/golangci-lint-action'],
    goreleaser: ['goreleaser/goreleaser-action'],
    gradle: ['gradle/gradle-build-action'],
    maven: ['qcastel/github-actions-maven-release', 'samuelmeuli/action-maven-publish', 'lucafeger/action-maven-cli'],
    megalinter: ['oxsecurity/megalinter'],
    mkdocs: ['mhausenblas/mkdocs-deploy-gh-pages', 'athackst/mkdocs-simple-plugin'],
    msbuild: ['mvs-telecom/publish-nuget'],
    mypy: [
      'ricardochaves/python-lint',
      'jpetrucciani/mypy-check',
      'sunnysid3up/python-linter',
      'tsuyoshicho/action-mypy',
    ],
    npm: ['actions/setup-node', 'js-devtools/npm-publish'],
    phpstan: ['php-actions/phpstan'],
    pip: ['brettcannon/pip-secure-install', 'bsfishy/pip-action'],
    'pre-commit': [
      'pre-commit/action',
      'dbt-checkpoint/dbt-checkpoint',
      'pre-commit-ci/lite-action',
      'browniebroke/pre-commit-autoupdate-action',
      'cloudposse/github-action-pre-commit',
    ],
    python: ['hynek/build-and-inspect-python-package'],
    rake: ['magefile/mage-action'],
    rubocop: [
      'reviewdog/action-rubocop',
      'andrewmcodes-archive/rubocop-linter-action',
      'gimenete/rubocop-action',
      'r7kamura/rubocop-todo-corrector',
    ],
    'sonar-scanner': ['sonarsource/sonarqube-scan-action'],
    stylelint: ['actions-hub/stylelint'],
    terraform: ['op5dev/tf-via-pr', 'dflook/terraform-plan', 'dflook/terraform-apply'],
    tflint: ['reviewdog/action-tflint', 'devops-infra/action-tflint'],
    tofu: ['dflook/tofu-plan', 'dflook/tofu-apply'],
    vale: ['gaurav-nelson/github-action-vale-lint', 'errata-ai/vale-action'],
  }).flatMap(([name, list]) => list.map((action) => [action, name])),
);

/** The tool an action runs, by `owner/repository` in any case. */
export function buildToolOfAction(name: string): string | undefined {
  return actions.get(name.toLowerCase());
}
