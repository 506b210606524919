/** A way in which a database differs is named, and ended by the SQL that is printed for it: a sample of `reconcile.stress.ts`. */
import { describeReconciling } from './reconciling.ts';

describeReconciling({ role: 'owner', isBrief: true });
