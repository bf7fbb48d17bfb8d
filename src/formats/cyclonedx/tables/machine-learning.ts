// SPDX-License-Identifier: Apache-2.0
// Model cards and data sets of machine learning components. Notation: ../notation.ts.

export const machineLearningTable = `
shape modelCard
  bom-ref             ref                   @
  modelParameters     modelParameters
  quantitativeAnalysis  quantitativeAnalysis
  considerations      considerations
  properties          property[]            <properties+@/property>

shape modelParameters
  approach            modelApproach
  task                string
  architectureFamily  string
  modelArchitecture   string
  datasets            dataset[]             <datasets/*>
  inputs              modelFormat[]         <inputs/input>
  outputs             modelFormat[]         <outputs/output>

shape modelApproach
  type                learningApproach

shape modelFormat
  format              string                need=xml

choice dataset one
  dataset             componentData
  ref                 datasetReference

shape datasetReference
  ref                 ref                   <.>

shape quantitativeAnalysis
  performanceMetrics  performanceMetric[]   <performanceMetrics/performanceMetric>
  graphics            graphicsCollection

shape performanceMetric
  type                string
  value               string
  slice               string
  confidenceInterval  confidenceInterval

shape confidenceInterval
  lowerBound          string
  upperBound          string

shape graphicsCollection
  description         string
  collection          graphic[]             <collection/graphic> pb=graphic

shape graphic
  name                string
  image               attachment

shape considerations
  users               string[]              <users/user>
  useCases            string[]              <useCases/useCase>
  technicalLimitations  string[]            <technicalLimitations/technicalLimitation>
  performanceTradeoffs  string[]            <performanceTradeoffs/performanceTradeoff>
  ethicalConsiderations  modelRisk[]        <ethicalConsiderations/ethicalConsideration>
  environmentalConsiderations  environmentalConsiderations  1.6+
  fairnessAssessments  fairnessAssessment[]  <fairnessAssessments/fairnessAssessment>

shape modelRisk
  name                string
  mitigationStrategy  string

shape fairnessAssessment
  groupAtRisk         string
  benefits            string
  harms               string
  mitigationStrategy  string

shape environmentalConsiderations
  energyConsumptions  energyConsumption[]   <energyConsumptions+@*/energyConsumption>
  properties          property[]            <properties+@/property>

shape energyConsumption
  activity!           energyActivity
  energyProviders!    energyProvider[]
  activityEnergyCost!  energyMeasure
  co2CostEquivalent   carbonMeasure
  co2CostOffset       carbonMeasure
  properties          property[]            <properties+@/property>

shape energyMeasure
  value!              number
  unit!               energyUnit

shape carbonMeasure
  value!              number
  unit!               carbonUnit

shape energyProvider
  bom-ref             ref                   @
  description         string
  organization!       organization
  energySource!       energySource
  energyProvided!     energyMeasure
  externalReferences  externalReference[]   <externalReferences/reference> pb=external_references

shape componentData
  bom-ref             ref                   @
  type!               dataType
  name                string
  contents            dataContents
  classification      string
  sensitiveData       string[]
  graphics            graphicsCollection
  description         string
  governance          dataGovernance

shape dataContents
  attachment          attachment
  url                 uri
  properties          property[]            <properties+@/property>
`;
