// SPDX-License-Identifier: Apache-2.0
// Vulnerabilities, their ratings and analysis (VEX), and annotations. Notation: ../notation.ts.

export const vulnerabilitiesTable = `
shape vulnerability
  bom-ref             ref                   @
  id                  string
  source              vulnerabilitySource
  references          vulnerabilityReference[]  <references+/reference>
  ratings             rating[]              <ratings/rating>
  cwes                cwe[]                 <cwes/cwe>
  description         string
  detail              string
  recommendation      string
  workaround          string                1.5+
  proofOfConcept      proofOfConcept        1.5+
  advisories          advisory[]            <advisories/advisory>
  created             dateTime
  published           dateTime
  updated             dateTime
  rejected            dateTime              1.5+
  credits             credits
  tools               tool[]                <tools/tool>
  tools               toolInventory         1.5+
  analysis            analysis
  affects             affected[]            <affects/target> unique
  properties          property[]            <properties+@/property>

shape vulnerabilitySource any-order
  name                string
  url                 string

shape vulnerabilityReference
  id                  string                need=json,xml:1.5+,textproto
  source              vulnerabilitySource   need=json,xml:1.5+,textproto

shape rating
  source              vulnerabilitySource
  score               number
  severity            severity
  method              scoreMethod
  vector              string
  justification       string

shape proofOfConcept open
  reproductionSteps   string
  environment         string
  supportingMaterial  attachment[]          <supportingMaterial/attachment>

shape advisory
  title               string
  url!                uri

shape credits
  organizations       organization[]        <organizations/organization>
  individuals         contact[]             <individuals/individual>

shape analysis
  state               analysisState
  justification       analysisJustification
  response            analysisResponse[]    <responses/response>
  detail              string
  firstIssued         dateTime              1.5+
  lastUpdated         dateTime              1.5+

shape affected
  ref                 ref                   need=json,textproto
  versions            affectedVersion[]     <versions/version>
  ? both versions ref xml

shape affectedVersion
  version             affectedVersionText
  range               affectedRange
  status              affectedStatus
  ? one version range json textproto
  ? most version range xml

shape annotation foreign attributes
  bom-ref             ref                   @
  subjects            ref[]                 <subjects+/subject@ref> need=json unique
  annotator!          annotator
  timestamp!          dateTime
  text!               string
  signature           signature             json

shape annotator
  organization        organization
  individual          contact
  component           component
  service             service
  ? one organization individual component service json textproto
  ? most organization individual component service xml
`;
