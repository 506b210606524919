/** An empty database on this machine, to see there what SQL makes. */
import type { Shadow } from '../index.ts';
import { CommandFailure, EXIT } from './failure.ts';
import { findLocalNeonPackage } from './local-neon-package.ts';

/** Starts a local Neon for it. It ends with the command at the latest. */
export async function openShadow(): Promise<Shadow> {
  const localNeon = await findLocalNeonPackage();
  if (localNeon === undefined) {
    throw new CommandFailure(
      EXIT.failed,
      'Nothing was done: the command tries its SQL on an empty database of its own. That takes @todo/local-neon, which is' +
        ' not installed here: run this from a checkout.',
    );
  }
  return localNeon.startLocalNeon().catch((error: unknown) => {
    if (!(error instanceof localNeon.LocalNeonError)) throw error;
    throw new CommandFailure(EXIT.couldNotConnect, error.message, { cause: error });
  });
}
