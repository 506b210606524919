/** What time the processors have spent on a process. */
import { readFile } from 'node:fs/promises';

/** The kernel counts in hundredths of a second (`USER_HZ`). */
const US_PER_TICK = 10_000;

/** In microseconds, with all of its threads; NaN where there is no `/proc`. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
export async function readCpuTime(pid: number): Promise<number> {
  if (process.platform !== 'linux') return NaN;
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  // Behind the name, which may hold anything: the state is the third field, utime and stime the 14th and 15th.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * US_PER_TICK;
}
