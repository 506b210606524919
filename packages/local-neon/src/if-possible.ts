/** Reads from the operating system. A failure means that there is nothing to read. */

/** The value of `read`; undefined when it throws. */
export function ifPossible<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
