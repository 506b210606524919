/** Waits for `work`, at most `timeoutMs`. `work` is not cancelled. @throws {Error} with `reason` when `work` takes longer. */
export async function waitAtMost<T>(timeoutMs: number, work: PromiseLike<T>, reason: string): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(reason)), timeoutMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
