import { Size } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';
import { milliOf } from './quota.ts';
import type { WorkloadProps } from './workload.ts';

/** @throws where a size is missing, has no unit, or is nothing */
export function checkSizes(
  path: string,
  { cpu, cpuLimit, memory, ephemeralStorage }: Pick<WorkloadProps, 'cpu' | 'cpuLimit' | 'memory' | 'ephemeralStorage'>,
): void {
  for (const [name, value] of Object.entries({ cpu, memory })) {
    if (value === undefined) {
      throw new Error(
        `${path}: ${name} is missing; say what one pod needs, as in ${EXAMPLES[name as 'cpu' | 'memory']}`,
      );
    }
  }
  for (const [name, value] of Object.entries({ cpu, cpuLimit })) {
    if (value === undefined) continue;
    if (!(value instanceof Cpu)) throw new Error(`${path}: ${name} is ${JSON.stringify(value)}; write ${EXAMPLES.cpu}`);
    if (!(milliOf(value) >= 1))
      throw new Error(`${path}: ${name} is ${value.amount}; give at least one thousandth of a core`);
  }
  for (const [name, value] of Object.entries({ memory, ephemeralStorage })) {
    if (value === undefined) continue;
    if (!(value instanceof Size))
      throw new Error(`${path}: ${name} is ${JSON.stringify(value)}; write ${EXAMPLES.memory}`);
    if (!(value.toMebibytes() >= 1)) throw new Error(`${path}: ${name} is ${value.toMebibytes()} MiB; give at least 1`);
  }
}

const EXAMPLES = { cpu: 'Cpu.millis(250)', memory: 'Size.mebibytes(512)' };
