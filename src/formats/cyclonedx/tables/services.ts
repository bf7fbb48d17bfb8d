// SPDX-License-Identifier: Apache-2.0
// Services and the data that flows through them. Notation: ../notation.ts.

export const servicesTable = `
shape service foreign attributes
  bom-ref             ref                   @
  provider            organization
  group               string
  name!               string
  version             version
  description         string
  endpoints           uri[]                 <endpoints/endpoint>
  authenticated       boolean
  x-trust-boundary    boolean
  trustZone           string                1.5+
  data                serviceDatum[]        <data/*>
  licenses            licenseChoice[]       <licenses/*>
  patentAssertions    patentAssertion[]     <patentAssertions/patentAssertion> 1.7 pb=patent_assertions
  externalReferences  externalReference[]   <externalReferences/reference> pb=external_references
  properties          property[]            <properties+@/property> 1.3+
  services            service[]             <services+/service> unique
  releaseNotes        releaseNotes          1.4+
  tags                string[]              <tags/tag> 1.6+
  signature           signature             json:1.4+

choice serviceDatum any pb=dataFlow
  classification      dataClassification
  dataflow            dataFlow              1.5+

shape dataClassification
  flow!               flowDirection         @
  classification!     string                #

shape dataFlow attributes
  name                string                @ 1.5+
  description         string                @ 1.5+
  flow                flowDirection         <classification@flow> need=json,textproto
  classification      string                need=json,textproto pb=value
  governance          dataGovernance        1.5+
  source              uri[]                 <source/url> 1.5+
  destination         uri[]                 <destination/url> 1.5+

shape dataGovernance
  custodians          responsibleParty[]    <custodians/custodian>
  stewards            responsibleParty[]    <stewards/steward>
  owners              responsibleParty[]    <owners/owner>

shape responsibleParty
  organization        organization
  contact             contact               <individual>
  ? one organization contact json
  ? most organization contact
`;
