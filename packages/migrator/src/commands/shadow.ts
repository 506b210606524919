/** Opens empty databases on this machine, on which SQL runs for comparison. */
import type { LocalNeon } from '@todo/local-neon';

import type { OpenShadow, Shadow } from '../migrate/replay.ts';
import { CommandFailure, EXIT } from './failure.ts';
import { findLocalNeonPackage, startLocalNeon } from './local-neon-package.ts';

/** Starts a local Neon for one empty database. @param notInstalled the message if local Neon is not installed. */
export function openShadow(notInstalled?: string): Promise<Shadow> {
  return startTemporaryNeon(notInstalled);
}

const NOT_INSTALLED =
  'Nothing was done: the command tests SQL on an empty database, and needs @todo/local-neon to start one, but that package is' +
  ' not installed. Run the command in a checkout.';

export interface Shadows extends AsyncDisposable {
  /** Opens another empty database with each call. */
  readonly open: OpenShadow;
}

/** Starts a local Neon for several empty databases. */
export async function openShadows(): Promise<Shadows> {
  const neon = await startTemporaryNeon();
  let count = 0;
  const open = async (): Promise<Shadow> => {
    const name = `shadow-${(count += 1)}`;
    const { url } = await neon.branches.create(name, { from: 'template1' });
    return { url, [Symbol.asyncDispose]: () => neon.branches.delete(name) };
  };
  return { open, [Symbol.asyncDispose]: () => neon.close() };
}

async function startTemporaryNeon(notInstalled = NOT_INSTALLED): Promise<LocalNeon> {
  const localNeon = await findLocalNeonPackage();
  if (localNeon === undefined) throw new CommandFailure(EXIT.failed, notInstalled);
  return startLocalNeon(localNeon);
}
