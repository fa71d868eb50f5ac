// What makes a field of the panel one for FEEL.
import { isAny } from 'bpmn-js/lib/util/ModelUtil';

// `mode`: condition, expression, attribute (an expression only after "=") or script; `quiet`: seldom an expression;
// `moment`: whether it is read before, inside or after the step, where other names are known.
export function feelPart({ element, asking, samples }, mode, more = {}) {
  return { kind: 'feel', mode, element: () => placeOf(element), asking, samples, moment: 'inside', ...more };
}

// Names are known at steps and flows; what is written on a lane or a pool stands at none.
function placeOf(element) {
  return isAny(element, ['bpmn:FlowNode', 'bpmn:SequenceFlow']) ? element.id : '';
}
