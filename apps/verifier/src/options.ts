/** Parses the command line. */
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

/** The parsed command line. */
export type Request =
  | { readonly kind: 'run'; readonly options: Options }
  | { readonly kind: 'explain'; readonly id: string };

export interface Output {
  write(text: string): unknown;
}

/** Parses the command line. @throws {CommanderError} after printing help (exit code 0) or a usage error (exit code 1). */
export function parseRequest(argv: readonly string[], stdout: Output, stderr: Output): Request {
  let request: Request | undefined;
  const program = new Command('verify')
    .description(
      'Verifies a database end to end: the one of --url, otherwise of DATABASE_URL, otherwise a new local Neon.',
    )
    .option('--url <url>', 'the database to verify')
    .option(
      '--database <module>',
      'verify another schema: a compiled module that exports `database` (a DatabaseDefinition) and optionally `checks`',
    )
    .option(
      '--only <ids...>',
      'run only these checks or groups, such as schema/index-missing, security or schema/*',
      appendIds,
    )
    .option('--skip <ids...>', 'do not run these checks or groups', appendIds)
    .option('--list', 'list the checks and stop')
    .option('-v, --verbose', 'also print each check with its steps and evidence', false)
    .option(
      '--reporter <name[=file]>',
      `a format of the report, to standard output or a file; repeatable: ${Object.keys(REPORTERS).join(', ')}`,
      appendReporter,
      [],
    )
    .option('--strict', 'let a warning fail the run', false)
    .option('--write', 'let checks write to the database; they remove their rows', false)
    .option('--yes', 'with --write: skip the confirmation for a database that is not on this machine', false)
    .option('--branch', 'clone a database on this machine first, and run everything on the clone', false)
    .option(
      '--expect-branch <id>',
      'fail before any write unless this is the branch (its id on Neon, the name of the database elsewhere)',
    )
    .option('--debug', 'print the stack of an unexpected error', false)
    .action((options: Options) => {
      request = { kind: 'run', options };
    });
  program
    .command('explain <id>')
    .description('explain a check: guarantee, method, consequence, remedy')
    .action((id: string) => {
      request = { kind: 'explain', id };
    });
  for (const command of [program, ...program.commands]) {
    // Hides `(default: false)` in the help.
    command.configureHelp({ optionDescription: ({ description }) => description });
    command.exitOverride().configureOutput({
      writeOut: (text) => void stdout.write(text),
      writeErr: (text) => void stderr.write(text),
    });
  }
  program.parse(argv, { from: 'user' });
  // Commander runs one of the two actions or throws.
  if (request === undefined) throw new Error('no action ran');
  return request;
}

function appendIds(value: string, previous: string[] = []): string[] {
  return [...previous, ...value.split(',')];
}

function appendReporter(value: string, previous: Reporter[]): Reporter[] {
  const parsed = parseReporter(value);
  if (parsed === undefined) throw new InvalidArgumentError(`Allowed are ${Object.keys(REPORTERS).join(', ')}.`);
  return [...previous, parsed];
}
