// SPDX-License-Identifier: Apache-2.0
// Inputs of actions which the action runs as code. From the documentation of each action.

/** By `owner/repository` in lower case. */
export const injectionSinks: ReadonlyMap<string, readonly string[]> = new Map([
  ['8398a7/action-slack', ['custom_payload']],
  ['actions/github-script', ['script']],
  ['addnab/docker-run-action', ['run', 'options']],
  ['amadevus/pwsh-script', ['script']],
  ['appleboy/ssh-action', ['script']],
  ['azure/cli', ['inlinescript']],
  ['azure/powershell', ['inlinescript']],
  ['cardinalby/js-eval-action', ['expression']],
  ['devorbitus/yq-action-output', ['cmd']],
  ['gautamkrishnar/blog-post-workflow', ['item_exec']],
  ['imjohnbo/issue-bot', ['body', 'linked-comments-previous-issue-text', 'linked-comments-new-issue-text']],
  ['jannekem/run-python-script-action', ['script']],
  ['lucasbento/auto-close-issues', ['issue-close-message']],
  ['mikefarah/yq', ['cmd']],
  ['roots/issue-closer-action', ['issue-close-message', 'pr-close-message']],
  ['sergeysova/jq-action', ['cmd']],
  ['skitionek/notify-microsoft-teams', ['overwrite']],
  ['tibdex/backport', ['body_template', 'head_template', 'labels_template', 'title_template']],
]);
