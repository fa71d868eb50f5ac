// The camunda: words of our dialect: the published ones, and candidateGroups on a lane.
import camunda from 'camunda-bpmn-moddle/resources/camunda.json';

const lane = {
  name: 'LaneAssignment',
  isAbstract: true,
  extends: ['bpmn:Lane'],
  properties: [{ name: 'candidateGroups', isAttr: true, type: 'String' }],
};

export default { ...camunda, types: [...camunda.types, lane] };
