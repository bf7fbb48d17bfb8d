// SPDX-License-Identifier: Apache-2.0
// Attestations against standards, the standards themselves, patents and citations. Notation: ../notation.ts.

export const declarationsTable = `
shape declarations foreign
  assessors           assessor[]            <assessors/assessor>
  attestations        attestation[]         <attestations/attestation>
  claims              claim[]               <claims/claim>
  evidence            declaredEvidence[]    <evidence/evidence>
  targets             declarationTargets
  affirmation         affirmation
  signature           signature             json

shape assessor attributes
  bom-ref             ref                   @
  thirdParty          boolean
  organization        organization

shape attestation foreign
  summary             string
  assessor            ref
  map                 attestationMap[]
  signature           signature             json

shape attestationMap
  requirement         ref
  claims              ref[]                 <claims/claim>
  counterClaims       ref[]                 <counterClaims/counterClaim>
  conformance         conformance
  confidence          attestationConfidence

shape conformance
  score               fraction              need=xml
  rationale           string
  mitigationStrategies  ref[]               <mitigationStrategies/mitigationStrategy>

shape attestationConfidence
  score               fraction              need=xml
  rationale           string

shape claim foreign attributes
  bom-ref             ref                   @
  target              ref
  predicate           string
  mitigationStrategies  ref[]               <mitigationStrategies/mitigationStrategy>
  reasoning           string
  evidence            ref[]
  counterEvidence     ref[]
  externalReferences  externalReference[]   <externalReferences/reference>
  signature           signature             json

shape declaredEvidence foreign attributes
  bom-ref             ref                   @
  propertyName        string
  description         string
  data                declaredData[]
  created             dateTime
  expires             dateTime
  author              contact
  reviewer            contact
  signature           signature             json

shape declaredData
  name                string
  contents            declaredContents
  classification      string
  sensitiveData       string[]
  governance          dataGovernance

shape declaredContents
  attachment          attachment
  url                 uri

shape declarationTargets
  organizations       organization[]        <organizations/organization>
  components          component[]           <components/component>
  services            service[]             <services/service>

shape affirmation foreign
  statement           string
  signatories         signatory[]           <signatories/signatory>
  signature           signature             json

shape signatory foreign
  name                string
  role                string
  signature           signature             json
  organization        organization
  externalReference   externalReference
  ? one signature externalReference+organization json

shape definitions
  standards           standard[]            <standards+@/standard>
  patents             patentItem[]          <patents/*> 1.7

shape standard foreign attributes
  bom-ref             ref                   @
  name                string                need=xml
  version             string                need=xml
  description         string                need=xml
  owner               string                need=xml
  requirements        requirement[]         <requirements/requirement>
  levels              standardLevel[]       <levels/level>
  externalReferences  externalReference[]   <externalReferences/reference>
  signature           signature             json

shape requirement attributes
  bom-ref             ref                   @
  identifier          string
  title               string
  text                string
  descriptions        string[]              <descriptions/description>
  openCre             openCre[]
  parent              ref
  properties          property[]            <properties+@/property>
  externalReferences  externalReference[]   <externalReferences/reference>

shape standardLevel attributes
  bom-ref             ref                   @
  identifier          string
  title               string
  description         string
  requirements        ref[]                 <requirements/requirement>

choice patentItem any
  patent              patent
  patentFamily        patentFamily          pb=patent_family

shape patent attributes
  bom-ref             ref                   @
  patentNumber!       patentNumber          pb=patent_number
  applicationNumber   patentNumber          pb=application_number
  jurisdiction!       jurisdiction
  priorityApplication  priorityApplication  pb=priority_application
  publicationNumber   patentNumber          pb=publication_number
  title               string
  abstract            string
  filingDate          date                  pb=filing_date
  grantDate           date                  pb=grant_date
  patentExpirationDate  date                pb=patent_expiration_date
  patentLegalStatus!  patentStatus          pb=patent_legal_status
  patentAssignee      patentParty[]         <patentAssignee*/*> pb=patent_assignee
  externalReferences  externalReference[]   <externalReferences/reference> pb=external_references

shape patentFamily attributes
  bom-ref             ref                   @
  familyId!           string                pb=family_id
  priorityApplication  priorityApplication  pb=priority_application
  members             ref[]                 <members/ref>
  externalReferences  externalReference[]   <externalReferences/reference> pb=external_references

shape priorityApplication
  applicationNumber!  patentNumber          pb=application_number
  jurisdiction!       jurisdiction
  filingDate!         date                  pb=filing_date

choice patentParty one
  individual          contact
  organization        organization

shape patentAssertion attributes
  bom-ref             ref                   @
  assertionType!      patentAssertionType   pb=assertion_type
  patentRefs          ref[]                 <patentRefs/bom-ref> pb=patent_refs
  asserter!           patentAsserter        <asserter/*>
  notes               string

choice patentAsserter one
  organization        organization
  contact             contact               pb=individual
  ref                 ref

shape citation foreign attributes
  bom-ref             ref                   @
  pointers            string[]              <pointers/pointer> least=1 pb=pointers.pointer
  expressions         string[]              <expressions/expression> least=1 pb=expressions.expression
  timestamp!          dateTime
  attributedTo        ref                   pb=attributed_to
  process             ref
  note                string
  signature           signature             json
  ? one pointers expressions
  ? any attributedTo process json

// JSON Signature Format 0.82
choice signature one
  signers             signerList
  chain               signerChain
  signer              signer

shape signerList
  signers             signer[]

shape signerChain
  chain               signer[]

shape signer
  algorithm!          signatureAlgorithm
  keyId               string
  publicKey           publicKey
  certificatePath     string[]
  excludes            string[]
  value!              string

choice publicKey one
  ec                  ecKey
  okp                 okpKey
  rsa                 rsaKey

shape ecKey
  kty!                keyTypeEc
  crv!                keyCurveEc
  x!                  string
  y!                  string

shape okpKey
  kty!                keyTypeOkp
  crv!                keyCurveOkp
  x!                  string

shape rsaKey
  kty!                keyTypeRsa
  n!                  string
  e!                  string
`;
