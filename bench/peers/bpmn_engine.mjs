// Completions of bpmn-engine: recovered from its state, one user task done, state taken again. Nothing is made durable.
// Arguments: file of the process, its id, number of instances. Prints one JSON object: milliseconds a completion.
import { readFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { EventEmitter } from "node:events";
import { Engine } from "bpmn-engine";

const [file, instances, answers] = [process.argv[2], Number(process.argv[3]), JSON.parse(process.argv[4])];
const source = readFileSync(file, "utf8");
const wall = [];
const cpu = [];
let bytes = 0;

function answer(id, visit) {
  const told = answers[id];
  return told ? told[Math.min(visit, told.length - 1)] : { note: `lần ${visit + 1}: đã xem, đồng ý chuyển bước sau` };
}

for (let number = 0; number < instances; number++) {
  const first = new Engine({ name: "bench", source });
  let execution = await first.execute({ listener: new EventEmitter() });
  let state = JSON.stringify(execution.getState());
  execution.stop();
  const visits = {};
  for (;;) {
    const began = performance.now();
    const used = process.cpuUsage();
    const engine = new Engine({ name: "bench" }).recover(JSON.parse(state));
    const listener = new EventEmitter();
    const seen = [];
    listener.on("activity.wait", (api) => seen.push(api));
    const running = await engine.resume({ listener });
    const task = seen[0];
    if (!task) break;
    const visit = visits[task.id] ?? 0;
    visits[task.id] = visit + 1;
    const told = answer(task.id, visit);
    task.environment.assignVariables(told);
    task.signal(told);
    state = JSON.stringify(running.getState());
    const { user, system } = process.cpuUsage(used);
    wall.push(performance.now() - began);
    cpu.push((user + system) / 1000);
    bytes = Math.max(bytes, state.length);
    if (running.completed) break;
    running.stop();
  }
}

wall.sort((a, b) => a - b);
console.log(
  JSON.stringify({
    completions: wall.length / instances,
    wall: wall[Math.floor(wall.length / 2)],
    cpu: cpu.reduce((a, b) => a + b, 0) / cpu.length,
    bytes,
  }),
);
