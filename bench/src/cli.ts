/** `bench [name…] [--json | --markdown] [--full] [--plot]`. Exit codes: 0 every goal is reached · 1 one is missed · 2 wrong usage · 130 interrupted. */
import { arch, cpus, platform } from 'node:os';
import { parseArgs } from 'node:util';

import type { Benchmark, Result } from './benchmark.ts';
import { BENCHMARKS } from './benchmarks/index.ts';
import { endPrograms } from './programs.ts';
import { runBenchmark } from './run-benchmark.ts';
import { toBlock, toMarkdown } from './table.ts';

const USAGE = `Usage: pnpm bench [name…] [--json | --markdown] [--full] [--plot]

--full  Also measure the sizes that take many minutes: db-pages goes up to ten million todos.
--plot  Draw the pictures of the documentation: db-pages writes docs/page-latency.svg.

Names, or the beginnings of names: ${BENCHMARKS.map(({ id }) => id).join(', ')}
`;

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  const options = parseArguments(args);
  if (typeof options === 'string') {
    process.stderr.write(`bench: ${options}\n\n${USAGE}`);
    return 2;
  }
  if (options.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  let isInterrupted = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    // The running benchmark fails and cleans up.
    process.on(signal, () => {
      isInterrupted = true;
      endPrograms();
    });
  }
  try {
    const results = await runBenchmarks(options);
    return results.every(({ holds }) => holds !== false) ? 0 : 1;
  } catch (error) {
    if (isInterrupted) return 130;
    throw error;
  }
}

async function runBenchmarks({ benchmarks, form, isFull, isPlotted }: Options): Promise<Result[]> {
  const machine = `Node ${process.versions.node}, ${platform()} ${arch()}, ${cpus().length} × ${cpus()[0]?.model.trim()}`;
  if (form === 'blocks') print(`${machine}\n`);
  const results: Result[] = [];
  for (const benchmark of benchmarks) {
    note(`${benchmark.id} …`);
    const result = await runBenchmark(benchmark, { note, isFull, isPlotted });
    results.push(result);
    if (form === 'blocks') print(toBlock(result));
  }
  if (form === 'json') print(JSON.stringify(results, null, 2));
  if (form === 'markdown') print(`${machine}, ${new Date().toISOString().slice(0, 10)}\n\n${toMarkdown(results)}`);
  return results;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

interface Options {
  readonly benchmarks: readonly Benchmark[];
  readonly form: 'blocks' | 'json' | 'markdown';
  readonly isFull: boolean;
  readonly isPlotted: boolean;
  readonly help: boolean;
}

/** Parses the arguments. Returns a message if they are wrong. */
function parseArguments(args: string[]): Options | string {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        markdown: { type: 'boolean', default: false },
        full: { type: 'boolean', default: false },
        plot: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    const unknown = positionals.find((name) => !BENCHMARKS.some((benchmark) => matchesName(name, benchmark)));
    if (unknown !== undefined) return `there is no benchmark named ${unknown}`;
    const isWanted = (benchmark: Benchmark): boolean =>
      positionals.length === 0 || positionals.some((name) => matchesName(name, benchmark));
    if (values.json && values.markdown) return '--json and --markdown cannot be combined';
    const form = values.json ? 'json' : values.markdown ? 'markdown' : 'blocks';
    const { full: isFull, plot: isPlotted, help } = values;
    return { benchmarks: BENCHMARKS.filter(isWanted), form, isFull, isPlotted, help };
  } catch (error) {
    return (error as Error).message;
  }
}

function matchesName(name: string, { id }: Benchmark): boolean {
  return id === name || id.startsWith(`${name}-`);
}
