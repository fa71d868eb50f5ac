// Microseconds of one evaluation by feelin, which reads the text each time. Arguments: expressions and context as JSON.
import { performance } from "node:perf_hooks";
import { evaluate } from "feelin";

const [expressions, context] = [JSON.parse(process.argv[2]), JSON.parse(process.argv[3])];
const told = expressions.map((expression) => {
  for (let round = 0; round < 200; round++) evaluate(expression, context);
  const times = [];
  for (let round = 0; round < 50; round++) {
    const began = performance.now();
    for (let again = 0; again < 20; again++) evaluate(expression, context);
    times.push(((performance.now() - began) * 1000) / 20);
  }
  times.sort((a, b) => a - b);
  return { value: evaluate(expression, context).value, micros: times[25] };
});
console.log(JSON.stringify(told));
