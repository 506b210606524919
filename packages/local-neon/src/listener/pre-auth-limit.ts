/**
 * OriginPolicy who have not yet said what they want: a connection without a whole request, a session that has not logged in.
 * Each holds something that is scarce, so they get a limited time, and when there are many the oldest make room.
 */
export interface PreAuthLimit<ClientSide extends object> {
  /** From now on the visitor is a stranger. */
  meet(visitor: ClientSide): void;
  /** It has said what it wants, or has gone. */
  forget(visitor: ClientSide): void;
}

export interface PreAuthLimitOptions<ClientSide> {
  readonly max: number;
  readonly timeoutMs: number;
  /** One younger than this stays, however many there are: who arrives in a crowd may be about to speak. */
  readonly graceMs: number;
  readonly dismiss: (visitor: ClientSide) => void;
}

/** A timer may be early by one, and its clock is another one. */
const EARLY_MS = 2;

export function createPreAuthLimit<ClientSide extends object>(options: PreAuthLimitOptions<ClientSide>): PreAuthLimit<ClientSide> {
  /** Oldest first. */
  const known = new Map<ClientSide, { readonly since: number; readonly timer: NodeJS.Timeout }>();

  const forget = (visitor: ClientSide): void => {
    clearTimeout(known.get(visitor)?.timer);
    known.delete(visitor);
  };
  const dismiss = (visitor: ClientSide): void => {
    forget(visitor);
    options.dismiss(visitor);
  };
  const makeRoom = (): void => {
    for (const [visitor, { since }] of known) {
      if (known.size < options.max || performance.now() - since < options.graceMs) return;
      dismiss(visitor);
    }
  };

  return {
    meet: (visitor) => {
      makeRoom();
      const timer = setTimeout(() => dismiss(visitor), options.timeoutMs).unref();
      known.set(visitor, { since: performance.now(), timer });
      // A crowd that came at once makes room when its moment is over, also when nobody comes after it.
      if (known.size > options.max) setTimeout(makeRoom, options.graceMs + EARLY_MS).unref();
    },
    forget,
  };
}
