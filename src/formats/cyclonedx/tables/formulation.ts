// SPDX-License-Identifier: Apache-2.0
// How something was made: formulas, workflows, tasks, triggers, workspaces. Notation: ../notation.ts.

export const formulationTable = `
shape formula attributes
  bom-ref             ref                   @
  components          component[]           <components+@/component> unique
  services            service[]             <services+@/service> unique
  workflows           workflow[]            <workflows+@/workflow> unique
  properties          property[]            <properties+@/property>

shape workflow foreign attributes
  bom-ref!            ref                   @
  uid!                string
  name                string
  description         string
  resourceReferences  resourceReference[]   <resourceReferences+@/resourceReference> unique
  tasks               task[]                <tasks+@/task> unique
  taskDependencies    dependency[]          <taskDependencies/dependency> unique
  taskTypes!          taskType[]            <taskTypes/taskType>
  trigger             trigger
  steps               step[]                <steps/step> unique
  inputs              taskInput[]           <inputs/input> unique
  outputs             taskOutput[]          <outputs/output> unique
  timeStart           dateTime
  timeEnd             dateTime
  workspaces          workspace[]           <workspaces+@/workspace> unique
  runtimeTopology     dependency[]          <runtimeTopology/dependency> unique
  properties          property[]            <properties+@/property>

shape task foreign attributes
  bom-ref!            ref                   @
  uid!                string
  name                string
  description         string
  resourceReferences  resourceReference[]   <resourceReferences+@/resourceReference> unique
  taskTypes!          taskType[]            <taskTypes/taskType>
  trigger             trigger
  steps               step[]                <steps/step> unique
  inputs              taskInput[]           <inputs/input> unique
  outputs             taskOutput[]          <outputs/output> unique
  timeStart           dateTime
  timeEnd             dateTime
  workspaces          workspace[]           <workspaces+@/workspace> unique
  runtimeTopology     dependency[]          <runtimeTopology/dependency> unique
  properties          property[]            <properties+@/property>

shape step foreign attributes
  name                string
  description         string
  commands            command[]             <commands/command>
  properties          property[]            <properties+@/property>

shape command
  executed            string
  properties          property[]            <properties+@/property>

shape workspace foreign attributes any-order
  bom-ref!            ref                   @
  uid                 string                need=json,textproto
  name                string
  aliases             string[]              <aliases/alias>
  description         string
  resourceReferences  resourceReference[]   <resourceReferences+@/resourceReference> unique
  accessMode          accessMode
  mountPath           string
  managedDataType     string
  volumeRequest       string
  volume              volume
  properties          property[]            <properties+@/property>

shape volume
  uid                 string
  name                string
  mode                volumeMode
  path                string
  sizeAllocated       string
  persistent          boolean
  remote              boolean
  properties          property[]            <properties+@/property>

shape trigger foreign attributes
  bom-ref!            ref                   @
  uid!                string
  name                string
  description         string
  resourceReferences  resourceReference[]   <resourceReferences+@/resourceReference> unique
  type                triggerType           need=json,xml
  event               event
  conditions          condition[]           <conditions/condition> unique
  timeActivated       dateTime
  inputs              taskInput[]           <inputs/input> unique
  outputs             taskOutput[]          <outputs/output> unique
  properties          property[]            <properties+@/property>

shape event foreign attributes
  uid                 string
  description         string
  timeReceived        dateTime
  data                attachment
  source              resourceReference
  target              resourceReference
  properties          property[]            <properties+@/property>

shape condition
  description         string
  expression          string
  properties          property[]            <properties+@/property>

shape taskInput foreign attributes
  resource            resourceReference
  parameters          parameter[]           <parameters/parameter> unique
  environmentVars     environmentVariable[]  <environmentVars/*> unique
  data                attachment
  source              resourceReference
  target              resourceReference
  properties          property[]            <properties+@/property>
  ? one resource parameters environmentVars data json xml

shape taskOutput foreign attributes
  resource            resourceReference
  environmentVars     environmentVariable[]  <environmentVars/*> unique
  data                attachment
  type                outputType
  source              resourceReference
  target              resourceReference
  properties          property[]            <properties+@/property>
  ? one resource environmentVars data json xml

choice environmentVariable one
  environmentVar      property              pb=property
  value               string

shape parameter foreign attributes
  name                string
  value               string
  dataType            string

shape resourceReference foreign attributes
  ref                 ref
  externalReference   externalReference
  ? one ref externalReference
`;
