/** Opens empty databases on this machine, on which SQL runs for comparison. */
import type { LocalNeon } from '@todo/local-neon';

import type { Shadow } from '../index.ts';
import { CommandFailure, EXIT } from './failure.ts';
import { findLocalNeonPackage, startLocalNeon } from './local-neon-package.ts';

/**
 * Starts a local Neon for one database. It is closed at the end of the command at the latest.
 * @param whenMissing the message if local Neon is not installed.
 */
export function openShadow(whenMissing?: string): Promise<Shadow> {
  return startLocalNeonFor(whenMissing);
}

const NOT_INSTALLED =
  'Nothing was done: the command tests its SQL on an empty database, and needs @todo/local-neon for that, which is' +
  ' not installed: run the command in a checkout.';

export interface Shadows extends AsyncDisposable {
  /** Opens another empty database with each call. */
  readonly open: () => Promise<Shadow>;
}

/** Starts a local Neon for several databases. */
export async function openShadows(): Promise<Shadows> {
  const neon = await startLocalNeonFor();
  let count = 0;
  const open = async (): Promise<Shadow> => {
    const name = `shadow-${(count += 1)}`;
    const { url } = await neon.branches.create(name, { from: 'template1' });
    return { url, [Symbol.asyncDispose]: () => neon.branches.delete(name) };
  };
  return { open, [Symbol.asyncDispose]: () => neon.close() };
}

async function startLocalNeonFor(whenMissing = NOT_INSTALLED): Promise<LocalNeon> {
  const localNeon = await findLocalNeonPackage();
  if (localNeon === undefined) throw new CommandFailure(EXIT.failed, whenMissing);
  return startLocalNeon(localNeon);
}
