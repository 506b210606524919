/** The application of this repository. */
import { database } from '@todo/db/database';

import type { App } from './app-definition.ts';
import { todo } from './checks/todo/index.ts';

export const app: App = {
  database,
  // The checks of the todo application. Without them: `checks: []`.
  ...todo,
};
