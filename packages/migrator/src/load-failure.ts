/** Describes why the modules of an application cannot be loaded: the fault is in the application's code. */

/** The error, and the lines of code that threw it: the last call first, at most three, without those of Node.js and of installed packages. */
export function loadFailure(name: string, error: unknown): string {
  const { stack } = Object(error) as { readonly stack?: unknown };
  const places = String(stack)
    .split('\n')
    .filter((line) => /^ +at (?!async ).*:\d+\)?$/.test(line) && !/node:|node_modules/.test(line))
    .slice(0, PLACES_MAX);
  return [`${name} cannot be loaded: ${String(error)}`, ...places].join('\n');
}

const PLACES_MAX = 3;
