/** Reads something that may be missing or unreadable, such as a file or a URL. */

/** The value of `read`; undefined when it throws. */
export function ifPossible<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
