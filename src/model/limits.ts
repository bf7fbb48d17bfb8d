// SPDX-License-Identifier: Apache-2.0
// Every limit on foreign input stands here, and nowhere else. Reaching one gives a problem of kind `limit`, never a crash.

const mebibyte = 1024 * 1024;

export interface Limits {
  /** A lock file or manifest that a cataloger reads whole. */
  readonly manifestBytes: number;
  /** A package database (rpm, Nix) or an archive that a cataloger looks into (jar, wheel, deb): larger than manifests are. */
  readonly packageDatabaseBytes: number;
  readonly packageArchiveBytes: number;
  /** The description at the beginning of an AI model, and the properties in it. */
  readonly modelHeadBytes: number;
  readonly modelPairs: number;
  /** A program or library whose first bytes say that it is one. */
  readonly executableBytes: number;
  /** An SBOM or VEX document named by the user. */
  readonly documentBytes: number;
  /** A configuration file. */
  readonly configBytes: number;
  /** Nesting of JSON, YAML, TOML and XML. */
  readonly depth: number;
  /** Aliases in one YAML document, and values that they may expand to. */
  readonly yamlAliases: number;
  readonly yamlNodes: number;
  /** Characters and nesting of one GitHub Actions expression; the service itself refuses more than 21,000 and 50. */
  readonly workflowExpressionLength: number;
  readonly workflowExpressionDepth: number;
  /** Values of a matrix that one workflow may hold once its aliases are expanded. */
  readonly workflowValues: number;
  readonly xmlElements: number;
  /** Packages one file may declare. */
  readonly packagesPerFile: number;
  /** Entries of one target. */
  readonly entries: number;
  /** Folder nesting of one target. */
  readonly pathDepth: number;
  readonly pathLength: number;
  /** Files that all packages of one target own, where a run asks for them, and those of one package database. */
  readonly ownedFiles: number;
  /** Paths that a report keeps of what was passed over, for each reason. */
  readonly skippedPaths: number;
  /** All companion files of one target together. */
  readonly companionBytes: number;
  /** One advisory shard, and the index of a database. */
  readonly shardBytes: number;
  readonly indexBytes: number;
  /** One block of a shard, unpacked. */
  readonly shardBlockBytes: number;
  /** One record of an advisory feed, one file in an archive of a feed, and the archive. */
  readonly feedRecordBytes: number;
  readonly feedFileBytes: number;
  readonly feedArchiveBytes: number;
  readonly feedRecords: number;
  /** A version or constraint string that a version order looks at. */
  readonly versionLength: number;
  /** Parents and imports followed for one pom.xml, includes of one requirements file. */
  readonly includes: number;
  /** Members of one archive (jar, wheel), what those that are read inflate to together, and archives inside archives. */
  readonly archiveEntries: number;
  readonly archiveExpandedBytes: number;
  readonly archiveDepth: number;
  /** One bundle, envelope or log entry, and the subjects of one statement. */
  readonly attestationBytes: number;
  readonly attestationSubjects: number;
  /** Certificates of one path, leaf and root included. */
  readonly certificateChain: number;
  /** Log entries and RFC 3161 timestamps beside one signature, and hashes of one inclusion proof (a tree of 2^64 leaves has 64). */
  readonly logEntriesPerSignature: number;
  readonly timestampsPerSignature: number;
  readonly inclusionProofHashes: number;
  /** What scrypt may need for one encrypted private key: bytes of memory (128 N r), and mixing steps (N r p). */
  readonly keyDerivationBytes: number;
  readonly keyDerivationSteps: number;
  /** One private key file, and the answer of a signing service, key store or plugin. */
  readonly privateKeyBytes: number;
  readonly signingAnswerBytes: number;
  /** A file that is signed; it is held in memory. */
  readonly blobToSignBytes: number;
  /** Proofs (signatures and attestations) that are fetched for one image, and their bytes together. */
  readonly proofsPerImage: number;
  readonly proofBytes: number;
  /** One manifest or index of an image, its configuration, and one blob (a layer as it is stored). */
  readonly imageManifestBytes: number;
  readonly imageConfigBytes: number;
  readonly imageBlobBytes: number;
  /** Layers of one image, manifests of one index, and indexes inside indexes. */
  readonly imageLayers: number;
  readonly imageIndexEntries: number;
  readonly imageIndexDepth: number;
  /** Manifests that refer to one image, tags of one repository, and pages such a list may come in. */
  readonly referrers: number;
  readonly tags: number;
  readonly registryPages: number;
  /** Answer of a token service or of a credential helper, and the part of an error answer that is read. */
  readonly registryAnswerBytes: number;
  /** Requests of which is remembered who passed them, characters of what was read of them, and values of one that are compared. */
  readonly rememberedPasses: number;
  readonly rememberedCharacters: number;
  readonly comparedValues: number;
  /** What one admission review may ask of the world, and pull Secrets of one workload. */
  readonly reviewQuestions: number;
  /** Characters of the answers to one review, and of those that all reviews hold that wait. */
  readonly reviewAnswers: number;
  readonly waitingAnswers: number;
  readonly pullSecrets: number;
  /** Entries of an image archive (layers and documents, not files in layers). */
  readonly imageArchiveEntries: number;
  /** One layer unpacked, and how many times its stored size that may be once it is larger than `layerRatioFrom`. */
  readonly layerBytes: number;
  readonly layerRatio: number;
  readonly layerRatioFrom: number;
  /** Entries of all layers of an image, and symbolic links of one layer. */
  readonly imageEntries: number;
  readonly layerLinks: number;
  /** Problems told of one layer; more are counted. */
  readonly layerProblems: number;
  /** A source file that code rules look at, and results of one SARIF file. */
  readonly sourceFileBytes: number;
  readonly sarifResults: number;
  /** A JMESPath expression: its characters, its nesting (chains of operators included), and the values and characters one evaluation may produce. */
  readonly expressionLength: number;
  readonly expressionDepth: number;
  readonly expressionProduct: number;
  /** How often a text of a policy is searched for variables again, and how long it may become. */
  readonly substitutionPasses: number;
  readonly policyContextLength: number;
  /** A patch of a document: its operations, and the values that its copies may bring in. */
  readonly patchOperations: number;
  readonly patchedValues: number;
  /** One page of a list of an API server, one event of a watch, one other answer; objects that one watch keeps. */
  readonly kubePageBytes: number;
  readonly kubeEventBytes: number;
  readonly kubeAnswerBytes: number;
  readonly kubeObjects: number;
  /** What all entries of Kyverno's global context keep together, as JSON. */
  readonly globalContextBytes: number;
  /** All objects of a kind that one rule asks for in the background, as JSON. */
  readonly backgroundListLength: number;
}

export const defaultLimits: Limits = {
  manifestBytes: 64 * mebibyte,
  packageDatabaseBytes: 512 * mebibyte,
  packageArchiveBytes: 512 * mebibyte,
  modelHeadBytes: 32 * mebibyte,
  modelPairs: 100_000,
  executableBytes: 512 * mebibyte,
  documentBytes: 256 * mebibyte,
  configBytes: 1 * mebibyte,
  depth: 200,
  yamlAliases: 1_000,
  yamlNodes: 5_000_000,
  workflowExpressionLength: 21_000,
  workflowExpressionDepth: 250,
  workflowValues: 100_000,
  xmlElements: 2_000_000,
  packagesPerFile: 200_000,
  entries: 5_000_000,
  pathDepth: 200,
  pathLength: 4_096,
  ownedFiles: 2_000_000,
  skippedPaths: 1000,
  companionBytes: 256 * mebibyte,
  shardBytes: 512 * mebibyte,
  indexBytes: 4 * mebibyte,
  shardBlockBytes: 64 * mebibyte,
  feedRecordBytes: 64 * mebibyte,
  feedFileBytes: 512 * mebibyte,
  feedArchiveBytes: 2_000 * mebibyte,
  feedRecords: 20_000_000,
  versionLength: 512,
  includes: 64,
  archiveEntries: 200_000,
  archiveExpandedBytes: 512 * mebibyte,
  archiveDepth: 8,
  attestationBytes: 32 * mebibyte,
  attestationSubjects: 100_000,
  certificateChain: 10,
  logEntriesPerSignature: 32,
  timestampsPerSignature: 32,
  inclusionProofHashes: 64,
  keyDerivationBytes: 256 * mebibyte,
  keyDerivationSteps: 4 * mebibyte,
  privateKeyBytes: 256 * 1024,
  signingAnswerBytes: 64 * mebibyte,
  blobToSignBytes: 2_047 * mebibyte,
  proofsPerImage: 500,
  proofBytes: 128 * mebibyte,
  imageManifestBytes: 4 * mebibyte,
  imageConfigBytes: 8 * mebibyte,
  imageBlobBytes: 65_536 * mebibyte,
  imageLayers: 1_000,
  imageIndexEntries: 10_000,
  imageIndexDepth: 4,
  referrers: 1_000,
  tags: 1_000_000,
  registryPages: 1_000,
  registryAnswerBytes: 256 * 1024,
  rememberedPasses: 2_000,
  rememberedCharacters: 8 * mebibyte,
  comparedValues: 4_000,
  reviewQuestions: 200,
  reviewAnswers: 32 * mebibyte,
  waitingAnswers: 96 * mebibyte,
  pullSecrets: 16,
  imageArchiveEntries: 100_000,
  layerBytes: 32_768 * mebibyte,
  layerRatio: 250,
  layerRatioFrom: 1_024 * mebibyte,
  imageEntries: 3_000_000,
  layerLinks: 300_000,
  layerProblems: 100,
  sourceFileBytes: 4 * mebibyte,
  sarifResults: 200_000,
  expressionLength: 1 * mebibyte,
  expressionDepth: 1_000,
  expressionProduct: 10_000_000,
  substitutionPasses: 100,
  policyContextLength: 2 * mebibyte,
  patchOperations: 10_000,
  patchedValues: 1_000_000,
  kubePageBytes: 64 * mebibyte,
  kubeEventBytes: 8 * mebibyte,
  kubeAnswerBytes: 16 * mebibyte,
  kubeObjects: 2_000_000,
  globalContextBytes: 32 * mebibyte,
  backgroundListLength: 16 * mebibyte,
};
