/** Each way in which a database can differ is named, and ended by the SQL that is printed for it. */
import { describeReconciling } from './reconciling.ts';

describeReconciling({ role: 'owner', isBrief: true });
