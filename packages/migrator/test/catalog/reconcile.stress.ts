/** All sabotages, also for a superuser, and on the oldest supported PostgreSQL. */
import { describeReconciling } from './reconciling.ts';

describeReconciling({ role: 'owner' });
describeReconciling({ role: 'superuser' });
describeReconciling({ role: 'owner', version: '15.18.0-beta.17' });
describeReconciling({ role: 'superuser', version: '15.18.0-beta.17' });
