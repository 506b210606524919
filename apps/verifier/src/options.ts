/** The words of the command line. */
import { Command, InvalidArgumentError } from 'commander';

import { parseReporter, type Reporter, REPORTERS } from './report/reporters.ts';

export interface Options {
  readonly url?: string;
  readonly database?: string;
  readonly only?: string[];
  readonly skip?: string[];
  readonly list?: true;
  readonly verbose: boolean;
  readonly reporter: Reporter[];
  readonly strict: boolean;
  readonly write: boolean;
  readonly yes: boolean;
  readonly branch: boolean;
  readonly expectBranch?: string;
  readonly debug: boolean;
}

/** What was asked for. */
export type Request =
  | { readonly kind: 'run'; readonly options: Options }
  | { readonly kind: 'explain'; readonly id: string };

export interface Output {
  write(text: string): unknown;
}

/**
 * Reads the command line; what it has to say, help say, it prints itself.
 * @throws {CommanderError} after that, with exit code 0 for help and 1 for wrong usage.
 */
export function parseRequest(argv: readonly string[], stdout: Output, stderr: Output): Request {
  let request: Request | undefined;
  const program = new Command('verify')
    .description('Proves a database end to end: --url, else DATABASE_URL, else a fresh Neon on this machine.')
    .option('--url <url>', 'the database to verify')
    .option(
      '--database <module>',
      'verify another schema: a compiled module that exports `database`, a DatabaseDefinition, and perhaps `checks`',
    )
    .option('--only <ids...>', 'these checks or groups, such as schema/index-missing, security or schema/*', split)
    .option('--skip <ids...>', 'not these', split)
    .option('--list', 'list the checks and stop')
    .option('-v, --verbose', 'print each check, and what was seen and done', false)
    .option(
      '--reporter <name[=file]>',
      `how to print the report, once or more often: ${Object.keys(REPORTERS).join(', ')}; to standard output or a file`,
      reporter,
      [],
    )
    .option('--strict', 'let a warning fail the run', false)
    .option('--write', 'let checks write to that database; they remove what they wrote', false)
    .option('--yes', 'with --write: do not ask, where the database is not on this machine', false)
    .option('--branch', 'clone a database on this machine first, and run everything on the clone', false)
    .option(
      '--expect-branch <id>',
      'fail, and write nothing, on another branch: its id on Neon, elsewhere the database’s name',
    )
    .option('--debug', 'print the stack of an error that nobody foresaw', false)
    .action((options: Options) => {
      request = { kind: 'run', options };
    });
  program
    .command('explain <id>')
    .description("print a check's page: what it proves, how, why that matters, what to do")
    .action((id: string) => {
      request = { kind: 'explain', id };
    });
  for (const command of [program, ...program.commands]) {
    // Without `(default: false)` behind every flag.
    command.configureHelp({ optionDescription: ({ description }) => description });
    command.exitOverride().configureOutput({
      writeOut: (text) => void stdout.write(text),
      writeErr: (text) => void stderr.write(text),
    });
  }
  program.parse(argv, { from: 'user' });
  // Commander runs one of the two actions, or throws.
  if (request === undefined) throw new Error('no action ran');
  return request;
}

function split(value: string, before: string[] = []): string[] {
  return [...before, ...value.split(',')];
}

function reporter(value: string, before: Reporter[]): Reporter[] {
  const parsed = parseReporter(value);
  if (parsed === undefined) throw new InvalidArgumentError(`Allowed are ${Object.keys(REPORTERS).join(', ')}.`);
  return [...before, parsed];
}
