import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts CPU time in hundredths of a second (USER_HZ) on every architecture. */
const ticksPerSecond = 100;

/** utime, stime and those of ended children: fields 14–17 of /proc/PID/stat (proc(5)). */
function ownCpuTicks(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name in brackets may hold blanks; field 3 follows its last bracket.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
}

const childrenOf = (pid: number): number[] =>
  readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8')
      .split(' ')
      .filter((child) => child.trim() !== '')
      .map(Number)
  );

/** @returns seconds of CPU of the process with all its threads and children. */
export function cpuSeconds(pid: number): number {
  const children = childrenOf(pid).reduce((sum, child) => sum + cpuSeconds(child), 0);
  return ownCpuTicks(pid) / ticksPerSecond + children;
}

/** @returns bytes of memory that the process with its children occupies. */
export function residentBytes(pid: number): number {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const kibibytes = Number(/^Rss:\s+(\d+) kB$/m.exec(rollup)?.[1]);
  return childrenOf(pid).reduce((sum, child) => sum + residentBytes(child), kibibytes * 1024);
}

/** @returns seconds of CPU that the whole machine has spent; tells of other work on it. */
export function machineCpuSeconds(): number {
  const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n');
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = line
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return (user + nice + system + irq + softirq) / ticksPerSecond;
}
