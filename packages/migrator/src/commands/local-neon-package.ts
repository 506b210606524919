/** `@todo/local-neon`, a development dependency: there in a checkout, and not in an image that only migrates. */
export async function findLocalNeonPackage(): Promise<typeof import('@todo/local-neon') | undefined> {
  return import('@todo/local-neon').catch((error: unknown) => {
    if (Object(error).code === 'ERR_MODULE_NOT_FOUND') return undefined;
    throw error;
  });
}
