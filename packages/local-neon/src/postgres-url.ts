/**
 * A URL of PostgreSQL as `URL` reads it, too: libpq's form without a host (`postgresql://user:password@/todo?host=/folder`, for a
 * socket) gets one, which its parameter outweighs. Undefined for what is no URL of PostgreSQL.
 */
export function toPostgresUrl(text: string): string | undefined {
  const url = text.replace('@/', '@localhost/');
  return /^postgres(ql)?:\/\//.test(url) && URL.canParse(url) ? url : undefined;
}
