// The kind of an element in words, as its heading.
import { getBusinessObject, is } from 'bpmn-js/lib/util/ModelUtil';

const NAMES = [
  ['bpmn:UserTask', 'Việc của người'],
  ['bpmn:ServiceTask', 'Việc của máy'],
  ['bpmn:SendTask', 'Gửi thông điệp'],
  ['bpmn:ReceiveTask', 'Chờ nhận thông điệp'],
  ['bpmn:ScriptTask', 'Tính giá trị'],
  ['bpmn:BusinessRuleTask', 'Bảng quyết định'],
  ['bpmn:ManualTask', 'Việc làm ngoài hệ thống'],
  ['bpmn:CallActivity', 'Gọi quy trình khác'],
  ['bpmn:Transaction', 'Giao dịch'],
  ['bpmn:SubProcess', 'Quy trình con'],
  ['bpmn:Task', 'Công việc'],
  ['bpmn:ExclusiveGateway', 'Rẽ một nhánh'],
  ['bpmn:ParallelGateway', 'Chạy song song'],
  ['bpmn:InclusiveGateway', 'Rẽ một hoặc nhiều nhánh'],
  ['bpmn:EventBasedGateway', 'Rẽ theo sự kiện đến trước'],
  ['bpmn:Gateway', 'Cổng rẽ nhánh'],
  ['bpmn:StartEvent', 'Bắt đầu'],
  ['bpmn:EndEvent', 'Kết thúc'],
  ['bpmn:BoundaryEvent', 'Sự kiện trên biên'],
  ['bpmn:Event', 'Sự kiện giữa'],
  ['bpmn:SequenceFlow', 'Luồng'],
  ['bpmn:MessageFlow', 'Luồng thông điệp'],
  ['bpmn:Lane', 'Làn'],
  ['bpmn:Participant', 'Bên tham gia'],
  ['bpmn:Process', 'Quy trình'],
  ['bpmn:Collaboration', 'Sơ đồ nhiều bên'],
  ['bpmn:TextAnnotation', 'Ghi chú trên sơ đồ'],
  ['bpmn:DataObjectReference', 'Đối tượng dữ liệu'],
  ['bpmn:DataStoreReference', 'Kho dữ liệu'],
  ['bpmn:Group', 'Nhóm'],
  ['bpmn:Association', 'Đường liên hệ'],
];

export function typeName(element) {
  const owner = getBusinessObject(element);
  return NAMES.find(([type]) => is(owner, type))?.[1] ?? 'Phần tử';
}
