/** Each difference is named, and the printed SQL ends it. This is a sample of `reconcile.stress.ts`. */
import { describeReconciling } from './reconciling.ts';

describeReconciling({ role: 'owner', isBrief: true });
