// SPDX-License-Identifier: Apache-2.0
// Which steps publish or deploy, test, and prove: told from well-known commands and components. What a script of the repository does is not seen.
import type { Job, Step } from './pipeline.ts';

const publishCommands =
  /\b(?:npm|pnpm|yarn(?: npm)?) publish\b|\btwine upload\b|\bpoetry publish\b|\buv publish\b|\bcargo publish\b|\bgem push\b|\bdotnet nuget push\b|\bmvn [^\n]{0,200}\bdeploy\b|\bgradlew? [^\n]{0,200}\bpublish\b|\bdocker (?:image )?push\b|\bdocker (?:buildx )?build [^\n]{0,400}--push\b|\bbuildah push\b|\bpodman push\b|\bskopeo copy\b|\bcrane (?:push|copy)\b|\bhelm push\b|\bgh release (?:create|upload)\b|\bgoreleaser release\b(?![^\n]{0,200}--snapshot)|\/kaniko\/executor\b|\bko (?:build|publish|apply)\b/;
const publishComponents =
  /^(?:pypa\/gh-action-pypi-publish|softprops\/action-gh-release|ncipollo\/release-action|changesets\/action|js-devtools\/npm-publish|rubygems\/release-gem|actions\/create-release|svenstaro\/upload-release-action|redhat-actions\/push-to-registry|kaniko|Docker|NuGetCommand|Npm|TwineAuthenticate|GitHubRelease)$/i;

const deployCommands =
  /\bkubectl (?:[^\n]{0,100} )?(?:apply|set image|rollout restart|replace|create|patch)\b|\bhelm (?:upgrade|install)\b|\bargocd app (?:sync|set)\b|\bkustomize build\b[^\n]{0,200}\|\s{0,10}kubectl\b|\bterraform apply\b|\btofu apply\b|\bpulumi up\b|\baws (?:ecs update-service|lambda update-function-code|s3 sync|cloudformation deploy)\b|\bgcloud (?:run|app|functions) deploy\b|\baz (?:webapp|containerapp|functionapp) (?:up|deploy|deployment|update)\b|\bserverless deploy\b|\bflyctl deploy\b|\bnetlify deploy\b|\bvercel [^\n]{0,60}--prod\b|\bansible-playbook\b|\bskaffold run\b/;
const deployComponents =
  /^(?:azure\/k8s-deploy|azure\/webapps-deploy|azure\/aks-set-context|google-github-actions\/deploy-.{1,40}|aws-actions\/amazon-ecs-deploy-task-definition|KubernetesManifest|HelmDeploy|Kubernetes|AzureWebApp|AzureRmWebAppDeployment|kubectl|helm-upgrade-from-source|helm-upgrade-from-repo)$/i;

const testCommands =
  /\b(?:npm|pnpm|yarn)(?: run)? t(?:est)?\b|\bpytest\b|\btox\b|\bgo test\b|\bcargo test\b|\bmvn [^\n]{0,200}\b(?:test|verify)\b|\bgradlew? [^\n]{0,200}\b(?:test|check)\b|\bdotnet test\b|\brspec\b|\bphpunit\b|\bjest\b|\bvitest\b|\bmake (?:test|check)\b|\bctest\b/;

const proofCommands =
  /\bcosign (?:sign|attest)\b|\bnotation sign\b|\blandwaiter (?:sign|attest|sign-blob|attest-blob|provenance generate)\b|--provenance(?:=(?:true|mode=\w{1,10}))?\b|\bslsa-(?:github-)?generator\b|\bgpg [^\n]{0,100}--(?:detach-sign|sign|clearsign)\b|\bwitness run\b|\bin-toto-run\b/;
const proofComponents =
  /^(?:actions\/attest(?:-build-provenance|-sbom)?|slsa-framework\/.{1,120}|sigstore\/(?:cosign-installer|gh-action-sigstore-python)|notaryproject\/notation-action\/.{1,40}|Notation)$/i;

const longestScript = 200_000;

function matches(step: Step, commands: RegExp, components: RegExp | undefined): boolean {
  if (step.script !== undefined && commands.test(step.script.text.slice(0, longestScript))) return true;
  return step.component !== undefined && components?.test(step.component.name) === true;
}

/** Puts a package, an image or a release where others fetch it. */
export function publishes(step: Step): boolean {
  const name = step.component?.name.toLowerCase() ?? '';
  const input = (key: string): string => step.component?.inputs.get(key)?.text ?? '';
  if (name === 'docker/build-push-action' || name === 'docker/bake-action') {
    const push = input('push');
    return (push !== '' && push !== 'false') || /push=true|type=registry/.test(`${input('outputs')} ${input('set')}`);
  }
  if (name === 'goreleaser/goreleaser-action')
    return /\brelease\b/.test(input('args')) && !/--snapshot|--skip[= ]\S{0,60}publish/.test(input('args'));
  if (step.component !== undefined && /^(?:Npm|NuGetCommand|Docker)$/.test(step.component.name)) {
    return /publish|push/i.test(step.component.inputs.get('command')?.text ?? '');
  }
  return matches(step, publishCommands, publishComponents);
}

/** Changes what runs somewhere. */
export function deploys(step: Step): boolean {
  return matches(step, deployCommands, deployComponents);
}

export function tests(step: Step): boolean {
  return matches(step, testCommands, undefined);
}

/** Signs, or makes provenance. */
export function proves(step: Step): boolean {
  if (step.component?.name.toLowerCase() === 'docker/build-push-action') {
    const provenance = step.component.inputs.get('provenance')?.text;
    return provenance !== undefined && provenance !== 'false';
  }
  // Trusted publishing of Python packages attests by itself.
  if (step.component?.name.toLowerCase() === 'pypa/gh-action-pypi-publish')
    return step.component.inputs.get('attestations')?.text !== 'false';
  return matches(step, proofCommands, proofComponents);
}

/** A job that publishes or deploys. */
export function isRelease(job: Job): boolean {
  return job.steps.some((step) => publishes(step) || deploys(step));
}
