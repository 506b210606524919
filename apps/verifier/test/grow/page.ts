/** Reads the steps of a page: files to write, lines to change, commands to run. */

export type Step =
  | { readonly kind: 'write'; readonly file: string; readonly content: string }
  | { readonly kind: 'change'; readonly file: string; readonly before: string; readonly after: string }
  | { readonly kind: 'run'; readonly line: string; readonly isOnTerminal: boolean };

/** A heading of the page with its steps, in order. */
export interface Section {
  readonly title: string;
  readonly steps: readonly Step[];
}

/**
 * Reads the fenced blocks below each `##` heading. `ts title=FILE` is a whole file; `diff title=FILE` changes a part of a file; `sh` has
 * one command per line; `sh terminal` has commands that ask a question. Sections without a step are left out.
 */
export function sectionsOf(page: string): Section[] {
  return page
    .split(/^## /m)
    .slice(1)
    .map((text) => ({ title: text.split('\n')[0] ?? '', steps: stepsOf(text) }))
    .filter(({ steps }) => steps.length > 0);
}

function stepsOf(text: string): Step[] {
  const blocks = text.matchAll(/^```(ts|diff|sh)(?: (terminal)| title=(\S+))?\n([^]*?)^```$/gm);
  return [...blocks].flatMap(([, language, terminal, file = '', body = '']): Step[] => {
    switch (language) {
      case 'ts':
        return [{ kind: 'write', file, content: body }];
      case 'diff':
        return [{ kind: 'change', file, before: sideOf(body, '-'), after: sideOf(body, '+') }];
      default:
        return commandsOf(body).map((line) => ({ kind: 'run', line, isOnTerminal: terminal !== undefined }));
    }
  });
}

/** The text of a diff before (`-`) or after (`+`) the change, with the context lines. */
function sideOf(diff: string, side: '-' | '+'): string {
  const lines = diff.split('\n').filter((line) => line.startsWith(' ') || line.startsWith(side));
  return lines.map((line) => `${line.slice(1)}\n`).join('');
}

/** The commands of a block, without comments. */
function commandsOf(body: string): string[] {
  const lines = body.split('\n').map((line) => line.replace(/\s+#.*$/, ''));
  return lines.filter((line) => line !== '' && !line.startsWith('#'));
}
