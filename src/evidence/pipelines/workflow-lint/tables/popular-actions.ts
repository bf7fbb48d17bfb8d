// SPDX-License-Identifier: Apache-2.0
// Inputs and outputs of much used actions, as their action.yml states them, and versions whose runner is gone. A table of data, longer
// than code may be: a new action is one entry.

export interface PopularAction {
  /** `owner/repo` or `owner/repo/path`, in lower case. */
  readonly name: string;
  readonly refs: readonly string[];
  /** Names apart by blanks, `!` behind those that must be given; `any` where the action takes more than it declares. */
  readonly inputs: string;
  /** Names apart by blanks; `any` where they depend on the inputs. */
  readonly outputs: string;
  /** What to use instead. */
  readonly deprecated?: Readonly<Record<string, string>>;
  readonly isDocker?: true;
}

export const popularActions: readonly PopularAction[] = [
  {
    name: 'actions/attest-build-provenance',
    refs: ['v1', 'v2', 'v3'],
    inputs: `subject-path subject-digest subject-name subject-checksums push-to-registry create-storage-record show-summary
      github-token`,
    outputs: 'bundle-path attestation-id attestation-url storage-record-ids',
  },
  {
    name: 'actions/cache',
    refs: ['v4', 'v5'],
    inputs: `path! key! restore-keys upload-chunk-size enableCrossOsArchive fail-on-cache-miss lookup-only save-always`,
    outputs: 'cache-hit',
    deprecated: {
      'save-always': 'save-always does not work as intended and will be removed',
    },
  },
  {
    name: 'actions/cache/restore',
    refs: ['v4', 'v5'],
    inputs: 'path! key! restore-keys enableCrossOsArchive fail-on-cache-miss lookup-only',
    outputs: 'cache-hit cache-primary-key cache-matched-key',
  },
  {
    name: 'actions/cache/save',
    refs: ['v4', 'v5'],
    inputs: 'path! key! upload-chunk-size enableCrossOsArchive',
    outputs: '',
  },
  {
    name: 'actions/checkout',
    refs: ['v4', 'v5', 'v6'],
    inputs: `repository ref token ssh-key ssh-known-hosts ssh-strict ssh-user persist-credentials path clean filter
      sparse-checkout sparse-checkout-cone-mode fetch-depth fetch-tags show-progress lfs submodules
      set-safe-directory github-server-url`,
    outputs: 'ref commit',
  },
  {
    name: 'actions/configure-pages',
    refs: ['v4', 'v5'],
    inputs: 'static_site_generator generator_config_file token enablement',
    outputs: 'base_url origin host base_path',
  },
  {
    name: 'actions/dependency-review-action',
    refs: ['v4'],
    inputs: `repo-token fail-on-severity fail-on-scopes base-ref head-ref config-file allow-licenses deny-licenses
      allow-dependencies-licenses allow-ghsas external-repo-token license-check vulnerability-check
      comment-summary-in-pr deny-packages deny-groups retry-on-snapshot-warnings retry-on-snapshot-warnings-timeout
      warn-only show-openssf-scorecard warn-on-openssf-scorecard-level show-patched-versions
      large-summary-artifact-name`,
    outputs: 'comment-content dependency-changes vulnerable-changes invalid-license-changes denied-changes',
  },
  {
    name: 'actions/deploy-pages',
    refs: ['v4'],
    inputs: 'token timeout error_count reporting_interval artifact_name preview',
    outputs: 'page_url',
  },
  {
    name: 'actions/download-artifact',
    refs: ['v3-node20'],
    inputs: 'name path',
    outputs: 'download-path',
  },
  {
    name: 'actions/download-artifact',
    refs: ['v4', 'v5', 'v6', 'v7'],
    inputs: 'name artifact-ids path pattern merge-multiple github-token repository run-id',
    outputs: 'download-path',
  },
  {
    name: 'actions/github-script',
    refs: ['v7', 'v8'],
    inputs: `script! github-token debug user-agent previews result-encoding retries retry-exempt-status-codes base-url`,
    // The script sets others too.
    outputs: 'any',
  },
  {
    name: 'actions/labeler',
    refs: ['v5', 'v6'],
    inputs: 'repo-token configuration-path sync-labels dot pr-number',
    outputs: 'new-labels all-labels',
  },
  {
    name: 'actions/setup-dotnet',
    refs: ['v4', 'v5'],
    inputs: `dotnet-version dotnet-quality global-json-file source-url owner config-file cache cache-dependency-path
      architecture workloads`,
    outputs: 'cache-hit dotnet-version',
  },
  {
    name: 'actions/setup-go',
    refs: ['v5', 'v6'],
    inputs: `go-version go-version-file check-latest token cache cache-dependency-path architecture go-download-base-url`,
    outputs: 'go-version cache-hit',
  },
  {
    name: 'actions/setup-java',
    refs: ['v4', 'v5'],
    inputs: `java-version java-version-file distribution java-package architecture jdkFile check-latest server-id
      server-username server-password settings-path overwrite-settings gpg-private-key gpg-passphrase cache
      cache-dependency-path job-status token mvn-toolchain-id mvn-toolchain-vendor`,
    outputs: 'distribution version path cache-hit',
  },
  {
    name: 'actions/setup-node',
    refs: ['v4'],
    inputs: `always-auth architecture cache cache-dependency-path check-latest mirror mirror-token node-version
      node-version-file registry-url scope token`,
    outputs: 'cache-hit node-version',
  },
  {
    name: 'actions/setup-node',
    refs: ['v5', 'v6'],
    inputs: `always-auth architecture cache cache-dependency-path check-latest mirror mirror-token node-version
      node-version-file package-manager-cache registry-url scope token`,
    outputs: 'cache-hit node-version',
  },
  {
    name: 'actions/setup-python',
    refs: ['v5', 'v6'],
    inputs: `python-version python-version-file cache architecture check-latest token cache-dependency-path
      update-environment allow-prereleases freethreaded pip-version pip-install`,
    outputs: 'python-version cache-hit python-path',
  },
  {
    name: 'actions/stale',
    refs: ['v9', 'v10'],
    inputs: `repo-token stale-issue-message stale-pr-message close-issue-message close-pr-message days-before-stale
      days-before-issue-stale days-before-pr-stale days-before-close days-before-issue-close days-before-pr-close
      stale-issue-label close-issue-label exempt-issue-labels close-issue-reason stale-pr-label close-pr-label
      exempt-pr-labels exempt-milestones exempt-issue-milestones exempt-pr-milestones exempt-all-milestones
      exempt-all-issue-milestones exempt-all-pr-milestones only-labels any-of-labels any-of-issue-labels
      any-of-pr-labels only-issue-labels only-pr-labels operations-per-run remove-stale-when-updated
      remove-issue-stale-when-updated remove-pr-stale-when-updated debug-only ascending sort-by delete-branch
      start-date exempt-assignees exempt-issue-assignees exempt-pr-assignees exempt-all-assignees
      exempt-all-issue-assignees exempt-all-pr-assignees exempt-draft-pr enable-statistics labels-to-add-when-unstale
      labels-to-remove-when-unstale ignore-updates ignore-issue-updates ignore-pr-updates include-only-assigned
      only-issue-types`,
    outputs: 'closed-issues-prs staled-issues-prs',
  },
  {
    name: 'actions/upload-artifact',
    refs: ['v3-node20'],
    inputs: 'name path! if-no-files-found retention-days include-hidden-files',
    outputs: '',
  },
  {
    name: 'actions/upload-artifact',
    refs: ['v4', 'v5', 'v6'],
    inputs: 'name path! if-no-files-found retention-days compression-level overwrite include-hidden-files',
    outputs: 'artifact-id artifact-url artifact-digest',
  },
  {
    name: 'actions/upload-pages-artifact',
    refs: ['v3', 'v4'],
    inputs: 'name path retention-days',
    outputs: 'artifact_id',
  },
  {
    name: 'aws-actions/configure-aws-credentials',
    refs: ['v4', 'v5'],
    inputs: `action-timeout-s allowed-account-ids audience aws-access-key-id aws-profile aws-region! aws-secret-access-key
      aws-session-token custom-tags disable-retry force-skip-oidc http-proxy inline-session-policy
      managed-session-policies mask-aws-account-id no-proxy output-credentials output-env-credentials
      overwrite-aws-profile retry-max-attempts role-chaining role-duration-seconds role-external-id role-session-name
      role-skip-session-tagging role-to-assume special-characters-workaround sts-endpoint transitive-tag-keys
      translate-env-variables unset-current-credentials use-existing-credentials web-identity-token-file`,
    outputs: `aws-account-id aws-access-key-id aws-secret-access-key aws-session-token aws-expiration authenticated-arn`,
  },
  {
    name: 'azure/login',
    refs: ['v2'],
    inputs: `creds client-id tenant-id subscription-id enable-AzPSSession environment allow-no-subscriptions audience
      auth-type`,
    outputs: '',
  },
  {
    name: 'codecov/codecov-action',
    refs: ['v4', 'v5'],
    inputs: `base_sha binary codecov_yml_path commit_parent directory disable_file_fixes disable_search
      disable_safe_directory disable_telem dry_run env_vars exclude fail_ci_if_error file files flags force
      git_service gcov_args gcov_executable gcov_ignore gcov_include handle_no_reports_found job_code name
      network_filter network_prefix os override_branch override_build override_build_url override_commit override_pr
      plugin plugins recurse_submodules report_code report_type root_dir run_command skip_validation slug
      swift_project token url use_legacy_upload_endpoint use_oidc use_pypi verbose version working-directory`,
    outputs: '',
    deprecated: {
      file: 'Use `files` instead',
      plugin: 'Use `plugins` instead',
    },
  },
  {
    name: 'docker/build-push-action',
    refs: ['v5', 'v6'],
    inputs: `add-hosts allow annotations attests build-args build-contexts builder cache-from cache-to call cgroup-parent
      context file github-token labels load network no-cache no-cache-filters outputs platforms provenance pull push
      sbom secrets secret-envs secret-files shm-size ssh tags target ulimit`,
    outputs: 'imageid digest metadata',
  },
  {
    name: 'docker/login-action',
    refs: ['v3'],
    inputs: 'registry username password scope ecr logout registry-auth',
    outputs: '',
  },
  {
    name: 'docker/metadata-action',
    refs: ['v5'],
    inputs: `context images tags flavor labels annotations sep-tags sep-labels sep-annotations bake-target github-token`,
    outputs: `version tags tag-names labels annotations json bake-file-tags bake-file-labels bake-file-annotations bake-file`,
  },
  {
    name: 'docker/setup-buildx-action',
    refs: ['v3'],
    inputs: `version driver driver-opts buildkitd-flags buildkitd-config buildkitd-config-inline install use endpoint
      platforms append cache-binary cleanup keep-state name config config-inline`,
    outputs: 'name driver platforms nodes endpoint status flags',
    deprecated: {
      config: 'Use buildkitd-config instead',
      'config-inline': 'Use buildkitd-config-inline instead',
    },
  },
  {
    name: 'docker/setup-qemu-action',
    refs: ['v3'],
    inputs: 'image platforms cache-image reset',
    outputs: 'platforms',
  },
  {
    name: 'dorny/paths-filter',
    refs: ['v3'],
    inputs: 'token working-directory ref base filters! list-files initial-fetch-depth predicate-quantifier',
    outputs: 'any',
  },
  {
    name: 'golangci/golangci-lint-action',
    refs: ['v6', 'v7', 'v8', 'v9'],
    inputs: `version version-file install-mode install-only working-directory github-token verify only-new-issues args
      skip-cache skip-save-cache cache-invalidation-interval problem-matchers debug experimental`,
    outputs: '',
  },
  {
    name: 'google-github-actions/auth',
    refs: ['v2', 'v3'],
    inputs: `project_id workload_identity_provider service_account audience credentials_json create_credentials_file
      export_environment_variables token_format delegates universe request_reason cleanup_credentials
      access_token_lifetime access_token_scopes access_token_subject retries backoff backoff_limit id_token_audience
      id_token_include_email`,
    outputs: 'project_id credentials_file_path auth_token access_token id_token',
  },
  {
    name: 'goreleaser/goreleaser-action',
    refs: ['v6'],
    inputs: 'distribution version args workdir install-only',
    outputs: 'artifacts metadata',
  },
  {
    name: 'octokit/request-action',
    refs: ['v2.x'],
    inputs: 'any',
    outputs: 'status headers data',
  },
  {
    name: 'ossf/scorecard-action',
    refs: ['v2'],
    inputs: `results_file! results_format! repo_token publish_results file_mode internal_publish_base_url
      internal_default_token`,
    outputs: '',
    isDocker: true,
  },
  {
    name: 'peaceiris/actions-gh-pages',
    refs: ['v4'],
    inputs: `deploy_key github_token personal_token publish_branch publish_dir destination_dir external_repository
      allow_empty_commit keep_files force_orphan user_name user_email commit_message full_commit_message tag_name
      tag_message enable_jekyll disable_nojekyll cname exclude_assets`,
    outputs: '',
  },
  {
    name: 'peter-evans/create-pull-request',
    refs: ['v6', 'v7', 'v8'],
    inputs: `token branch-token path add-paths commit-message committer author signoff branch delete-branch branch-suffix
      base push-to-fork sign-commits title body body-path labels assignees reviewers team-reviewers milestone draft
      maintainer-can-modify git-token`,
    outputs: `pull-request-number pull-request-url pull-request-operation pull-request-head-sha pull-request-branch
      pull-request-commits-verified`,
  },
  {
    name: 'pypa/gh-action-pypi-publish',
    refs: ['release/v1'],
    inputs: `user password repository-url repository_url packages-dir packages_dir verify-metadata verify_metadata
      skip-existing skip_existing verbose print-hash print_hash attestations`,
    outputs: '',
    deprecated: {
      repository_url: 'The inputs have been normalized to use kebab-case. Use `repository-url` instead',
      packages_dir: 'The inputs have been normalized to use kebab-case. Use `packages-dir` instead',
      verify_metadata: 'The inputs have been normalized to use kebab-case. Use `verify-metadata` instead',
      skip_existing: 'The inputs have been normalized to use kebab-case. Use `skip-existing` instead',
      print_hash: 'The inputs have been normalized to use kebab-case. Use `print-hash` instead',
    },
  },
  {
    name: 'reviewdog/action-actionlint',
    refs: ['v1'],
    inputs: `github_token tool_name level reporter filter_mode fail_level fail_on_error reviewdog_flags actionlint_flags`,
    outputs: '',
    deprecated: {
      fail_on_error: 'Deprecated, use `fail_level` instead',
    },
    isDocker: true,
  },
  {
    name: 'rhysd/action-setup-vim',
    refs: ['v1'],
    inputs: 'version neovim configure-args token',
    outputs: 'executable vim-dir',
  },
  {
    name: 'ruby/setup-ruby',
    refs: ['v1'],
    inputs: `ruby-version rubygems bundler bundler-cache working-directory cache-version self-hosted windows-toolchain token`,
    outputs: 'ruby-prefix',
  },
  {
    name: 'sigstore/cosign-installer',
    refs: ['v3'],
    inputs: 'cosign-release install-dir use-sudo',
    outputs: '',
  },
  {
    name: 'softprops/action-gh-release',
    refs: ['v2'],
    inputs: `body body_path name tag_name draft prerelease preserve_order files working_directory overwrite_files
      fail_on_unmatched_files repository token target_commitish discussion_category_name generate_release_notes
      previous_tag append_body make_latest`,
    outputs: 'url id upload_url assets',
  },
  {
    name: 'swatinem/rust-cache',
    refs: ['v2'],
    inputs: `prefix-key shared-key key add-job-id-key add-rust-environment-hash-key env-vars workspaces cache-directories
      cache-targets cache-on-failure cache-all-crates cache-workspace-crates save-if cache-provider cache-bin
      lookup-only cmd-format`,
    outputs: 'cache-hit',
  },
];

/** Refs that run on Node 12 or 16. */
export const outdatedActions: ReadonlyMap<string, readonly string[]> = new Map([
  ['actions-rs/audit-check', ['v1']],
  ['actions-rs/cargo', ['v1']],
  ['actions-rs/clippy-check', ['v1']],
  ['actions-rs/toolchain', ['v1']],
  ['actions/cache', ['v1', 'v2']],
  ['actions/checkout', ['v2', 'v3']],
  ['actions/configure-pages', ['v1', 'v2', 'v3']],
  ['actions/create-release', ['v1']],
  ['actions/dependency-review-action', ['v1', 'v2', 'v3']],
  ['actions/deploy-pages', ['v1', 'v2', 'v3']],
  ['actions/download-artifact', ['v2', 'v3']],
  ['actions/github-script', ['v1', 'v2', 'v3', 'v4', 'v5', 'v6']],
  ['actions/labeler', ['v2', 'v3', 'v4']],
  ['actions/setup-dotnet', ['v1', 'v2', 'v3']],
  ['actions/setup-go', ['v1', 'v2', 'v3', 'v4']],
  ['actions/setup-java', ['v1', 'v2', 'v3']],
  ['actions/setup-node', ['v1', 'v2', 'v3']],
  ['actions/setup-python', ['v1', 'v2', 'v3', 'v4']],
  ['actions/stale', ['v1', 'v2', 'v3', 'v4', 'v5', 'v6', 'v7', 'v8']],
  ['actions/upload-artifact', ['v2', 'v3']],
  ['actions/upload-release-asset', ['v1']],
  ['aws-actions/configure-aws-credentials', ['v1', 'v2', 'v3']],
  ['codecov/codecov-action', ['v1', 'v2', 'v3']],
  ['dawidd6/action-download-artifact', ['v2']],
  ['docker/build-push-action', ['v2', 'v3', 'v4']],
  ['docker/login-action', ['v1', 'v2']],
  ['docker/metadata-action', ['v1', 'v2', 'v3', 'v4']],
  ['docker/setup-buildx-action', ['v1', 'v2']],
  ['docker/setup-qemu-action', ['v1', 'v2']],
  ['dorny/paths-filter', ['v1', 'v2']],
  ['github/codeql-action/analyze', ['v1', 'v2']],
  ['github/codeql-action/autobuild', ['v1', 'v2']],
  ['github/codeql-action/init', ['v1', 'v2']],
  ['github/codeql-action/upload-sarif', ['v1', 'v2']],
  ['golangci/golangci-lint-action', ['v1', 'v2', 'v3']],
  ['google-github-actions/auth', ['v0', 'v1']],
  ['goreleaser/goreleaser-action', ['v1', 'v2', 'v3', 'v4']],
  ['peaceiris/actions-gh-pages', ['v2', 'v3']],
  ['peter-evans/create-pull-request', ['v2', 'v3', 'v4', 'v5']],
  ['softprops/action-gh-release', ['v1']],
  ['swatinem/rust-cache', ['v1']],
]);
