/** Loads `@todo/local-neon`, a development dependency. Returns undefined if it is not installed, as in an image that only migrates. */
export async function findLocalNeonPackage(): Promise<typeof import('@todo/local-neon') | undefined> {
  return import('@todo/local-neon').catch(undefinedIfNotInstalled);
}

export async function findParentWatch(): Promise<typeof import('@todo/local-neon/parent-watch') | undefined> {
  return import('@todo/local-neon/parent-watch').catch(undefinedIfNotInstalled);
}

function undefinedIfNotInstalled(error: unknown): undefined {
  if (Object(error).code === 'ERR_MODULE_NOT_FOUND') return undefined;
  throw error;
}
