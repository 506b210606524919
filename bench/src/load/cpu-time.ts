/** The processor time of a process. */
import { readFile } from 'node:fs/promises';

/** The kernel counts in hundredths of a second (`USER_HZ`). */
const US_PER_TICK = 10_000;

/** The processor time of all threads of a process, in microseconds. NaN on systems without `/proc`. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
export async function readCpuTime(pid: number): Promise<number> {
  if (process.platform !== 'linux') return NaN;
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  // The name may contain spaces and brackets. After it, the state is the third field, and utime and stime are the 14th and 15th.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * US_PER_TICK;
}
