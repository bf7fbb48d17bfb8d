// SPDX-License-Identifier: Apache-2.0
// The document, components and what they carry: identity, licences, hashes, pedigree, evidence, references, dependencies, compositions.
// Notation: ../notation.ts.

export const coreTable = `
shape bom foreign:1.1+ attributes
  $schema             string                json
  bomFormat!          bomFormat             json
  specVersion         string                json textproto need=json pb=spec_version
  serialNumber        serial                @ 1.1+ pb=serial_number
  version             bomVersion            @ need=json:1.2-1.4
  metadata            metadata              1.2+
  components          component[]           <components+@/component> need=xml:1.0-1.1 unique
  services            service[]             <services+@/service> 1.2+ unique
  externalReferences  externalReference[]   <externalReferences/reference> 1.1+ pb=external_references
  dependencies        dependency[]          <dependencies/dependency> 1.2+ unique
  compositions        composition[]         <compositions+@/composition> 1.3+ unique
  properties          property[]            <properties+@/property> 1.5+ xml:1.3+
  vulnerabilities     vulnerability[]       <vulnerabilities+@/vulnerability> 1.4+ unique
  annotations         annotation[]          <annotations+@/annotation> 1.5+ unique
  formulation         formula[]             <formulation+@/formula> 1.5+ unique
  declarations        declarations          1.6+
  definitions         definitions           1.6+
  citations           citation[]            <citations/citation> 1.7 unique
  signature           signature             json:1.4+

shape metadata foreign attributes
  timestamp           dateTime
  lifecycles          lifecycle[]           <lifecycles/lifecycle> 1.5+
  tools               tool[]                <tools/tool>
  tools               toolInventory         1.5+
  authors             contact[]             <authors/author>
  component           component
  manufacturer        organization          1.6+
  manufacture         organization
  supplier            organization
  licenses            licenseChoice[]       <licenses/*> 1.3+
  properties          property[]            <properties+@/property> 1.3+
  distributionConstraints  distributionConstraints  1.7

shape distributionConstraints
  tlp                 tlpClassification

shape lifecycle
  phase               lifecyclePhase
  name                string
  description         string
  ? one phase name json xml
  ? most phase description json xml

shape tool foreign attributes
  vendor              string
  name                string
  version             version
  hashes              hash[]                <hashes/hash>
  externalReferences  externalReference[]   <externalReferences/reference> 1.4+ pb=external_references

shape toolInventory
  components          component[]           <components+@/component> unique
  services            service[]             <services+@/service> unique

shape organization foreign attributes
  bom-ref             ref                   @ 1.5+
  name                string
  address             postalAddress         1.6+
  url                 uri[]
  contact             contact[]

shape contact foreign attributes
  bom-ref             ref                   @ 1.5+
  name                string
  email               string
  phone               string

shape postalAddress
  bom-ref             ref                   @
  country             string
  region              string
  locality            string
  postOfficeBoxNumber string
  postalCode          string                pb=postalCodeue
  streetAddress       string

shape component foreign:1.1+ attributes
  type!               classification        @
  mime-type           mime                  @ 1.2+
  isExternal          boolean               @ 1.7
  bom-ref             ref                   @ 1.1+
  supplier            organization          1.2+
  manufacturer        organization          1.6+
  authors             contact[]             <authors/author> 1.6+
  author              string                1.2+
  publisher           string
  group               string
  name!               string
  version             version               need=1.0-1.3
  versionRange        versionRange          1.7
  description         string
  scope               scope
  hashes              hash[]                <hashes/hash>
  licenses            licenseChoice[]       <licenses/*>
  copyright           string
  patentAssertions    patentAssertion[]     <patentAssertions/patentAssertion> 1.7 pb=patent_assertions
  cpe                 cpe
  purl                uri
  omniborId           string[]              1.6+
  swhid               string[]              1.6+
  swid                swid                  1.2+
  modified            boolean               need=xml:1.0
  pedigree            pedigree              1.1+
  externalReferences  externalReference[]   <externalReferences/reference> 1.1+ pb=external_references
  properties          property[]            <properties+@/property> 1.3+
  components          component[]           <components+/component> unique
  evidence            evidence              1.3+
  releaseNotes        releaseNotes          1.4+
  modelCard           modelCard             1.5+
  data                componentData[]       1.5+
  cryptoProperties    cryptoProperties      1.6+
  tags                string[]              <tags/tag> 1.6+
  signature           signature             json:1.4+
  ? most version versionRange json:1.7 xml:1.7
  ? when versionRange isExternal json:1.7

shape hash
  alg!                hashAlgorithm         @
  content!            hashValue             # pb=value

choice licenseChoice any pb=licenseMessage
  license             licenseEntry
  expression          licenseExpression     1.1+
  expression-detailed licenseExpressionDetailed  1.7
  ? alone expression xml:1.1-1.6 json:1.5-1.6

shape licenseEntry
  license!            license               <.>

shape licenseExpression
  expression!         string                #
  acknowledgement     licenseAcknowledgement  @ 1.6+
  bom-ref             ref                   @ 1.5+

shape licenseExpressionDetailed foreign
  expression!         string                @
  bom-ref             ref                   @
  acknowledgement     licenseAcknowledgement  @
  expressionDetails   expressionDetail[]    <details> pb=details
  licensing           licensing
  properties          property[]            <properties+@/property>

// Protobuf has the choice and the members of an expression side by side.
shape licenseMessage
  license             license
  expression          string
  acknowledgement     licenseAcknowledgement  1.6+
  bom-ref             ref                   1.6+
  expression          string                1.7 pb=expression_detailed.expression
  expressionDetails   expressionDetail[]    1.7 pb=expression_detailed.details
  bom-ref             ref                   1.7 pb=expression_detailed.bom_ref
  acknowledgement     licenseAcknowledgement  1.7 pb=expression_detailed.acknowledgement
  licensing           licensing             1.7 pb=expression_detailed.licensing
  properties          property[]            1.7 pb=expression_detailed.properties
  ? one license expression

shape expressionDetail foreign
  licenseIdentifier!  string                @license-identifier pb=license_identifier
  bom-ref             ref                   @
  text                attachment
  url                 uri

shape license foreign:1.1+
  bom-ref             ref                   @ 1.5+
  acknowledgement     licenseAcknowledgement  @ 1.6+
  id                  licenseId
  name                string
  text                attachment            1.1+
  url                 uri                   1.1+
  licensing           licensing             1.5+
  properties          property[]            <properties+@/property> 1.5+
  ? one id name json xml:1.6+ textproto:1.6+
  ? most id name

shape licensing foreign
  altIds              string[]              <altIds/altId>
  licensor            licenseParty
  licensee            licenseParty
  purchaser           licenseParty
  purchaseOrder       string
  licenseTypes        licenseType[]         <licenseTypes/licenseType>
  lastRenewal         dateTime
  expiration          dateTime

shape licenseParty
  organization        organization
  individual          contact
  ? one organization individual json
  ? most organization individual

shape attachment
  contentType         string                @content-type pb=content_type
  encoding            encoding              @
  content!            string                # pb=value

shape swid foreign
  tagId!              string                @ pb=tag_id
  name!               string                @
  version             string                @
  tagVersion          integer               @ pb=tag_version
  patch               boolean               @
  text                attachment
  url                 uri

shape pedigree foreign
  ancestors           component[]           <ancestors+@/component>
  descendants         component[]           <descendants+@/component>
  variants            component[]           <variants+@/component>
  commits             commit[]              <commits+/commit>
  patches             patch[]               <patches+/patch> 1.2+
  notes               string

shape commit foreign
  uid                 string
  url                 uri
  author              identifiableAction
  committer           identifiableAction
  message             string

shape patch foreign
  type!               patchClassification   @
  diff                diff
  resolves            issue[]               <resolves/issue>

shape diff foreign
  text                attachment
  url                 uri

shape issue foreign
  type!               issueClassification   @
  id                  string
  name                string
  description         string
  source              issueSource
  references          uri[]                 <references/url>

shape issueSource
  name                string
  url                 uri

shape identifiableAction foreign
  timestamp           dateTime
  name                string
  email               string

shape externalReference attributes
  type!               referenceType         @
  url!                uri
  comment             string
  hashes              hash[]                <hashes/hash> 1.3+
  properties          property[]            <properties+@/property> 1.7

shape dependency attributes any-order
  ref!                ref                   @
  dependsOn           ref[]                 <dependency@ref> unique pb=dependencies.ref
  provides            ref[]                 <provides@ref> 1.6+ unique

shape composition any-order
  bom-ref             ref                   @ 1.5+
  aggregate           aggregate             need=json,textproto
  assemblies          ref[]                 <assemblies+/assembly@ref> unique
  dependencies        ref[]                 <dependencies+/dependency@ref> unique
  vulnerabilities     ref[]                 <vulnerabilities+/vulnerability@ref> 1.5+ unique
  signature           signature             json:1.4+

shape evidence foreign attributes
  identity            identityEvidence      json:1.5+ xml:1.5
  identity            identityEvidence[]    1.6+ textproto:1.5+
  occurrences         occurrence[]          <occurrences/occurrence> 1.5+
  callstack           callstack             1.5+
  licenses            licenseChoice[]       <licenses/*>
  copyright           copyrightText[]       <copyright/text>

shape copyrightText
  text!               string                #

shape identityEvidence
  field!              identityField
  confidence          fraction
  concludedValue      string                1.6+
  methods             identityMethod[]      <methods/method>
  tools               ref[]                 <tools/tool@ref> unique

shape identityMethod
  technique!          identityTechnique
  confidence!         fraction
  value               string

shape occurrence
  bom-ref             ref                   @
  location!           string
  line                natural               1.6+
  offset              natural               1.6+
  symbol              string                1.6+
  additionalContext   string                1.6+

shape callstack
  frames              frame[]               <frames/frame>

shape frame
  package             string
  module!             string
  function            string
  parameters          string[]              <parameters/parameter>
  line                integer
  column              integer
  fullFilename        string

shape releaseNotes foreign attributes any-order
  type                string                need=json
  title               string
  featuredImage       uri
  socialImage         uri
  description         string
  timestamp           dateTime
  aliases             string[]              <aliases/alias>
  tags                string[]              <tags/tag>
  resolves            issue[]               <resolves/issue>
  notes               note[]                <notes/note>
  properties          property[]            <properties+@/property>

shape note any-order
  locale              locale
  text                attachment            need=json

shape property open:json:1.2-1.5
  name                string                @ need=xml,json:1.6+,textproto:1.6+
  value               string                #
`;
