/** Timers that return numbers, as in browsers and most edge runtimes. */

// Import this before any module that could keep a reference to Node's timers.
for (const name of ['setTimeout', 'setInterval'] as const) {
  const real = globalThis[name];
  const numeric = (...timer: Parameters<typeof setTimeout>): NodeJS.Timeout | number => {
    const started = real(...timer);
    // Node's own `fetch` calls `unref()` on its timers.
    return new Error('caller').stack?.includes('node:internal/deps/undici') === true ? started : Number(started);
  };
  Object.assign(globalThis, { [name]: numeric });
}
