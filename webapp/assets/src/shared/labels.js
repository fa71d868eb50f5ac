// Labels beside events, gateways and flows were measured by the tool that drew the diagram, in its own font. Ours is
// wider: each label gets the room its text needs, around the same middle.
import { getLabel } from 'bpmn-js/lib/util/LabelUtil';

const LATE = 500; // after the library's own listeners

function RoomyLabels(eventBus, textRenderer) {
  eventBus.on('shape.add', LATE, ({ element }) => {
    const text = element.type === 'label' && getLabel(element);
    if (text) {
      const { x, width, height } = textRenderer.getExternalLabelBounds(element, text);
      Object.assign(element, { x, width: width + 2, height });
    }
  });
}

RoomyLabels.$inject = ['eventBus', 'textRenderer'];

export default { __init__: ['roomyLabels'], roomyLabels: ['type', RoomyLabels] };
