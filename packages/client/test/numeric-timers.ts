/** Timers that return numbers, as those of browsers and of most edge runtimes do. */

// Before anything is imported that could keep Node's own.
for (const name of ['setTimeout', 'setInterval'] as const) {
  const real = globalThis[name];
  const numeric = (...timer: Parameters<typeof setTimeout>): NodeJS.Timeout | number => {
    const started = real(...timer);
    // Node's `fetch` is part of Node, and calls `unref()`.
    return new Error('caller').stack?.includes('node:internal/deps/undici') === true ? started : Number(started);
  };
  Object.assign(globalThis, { [name]: numeric });
}
