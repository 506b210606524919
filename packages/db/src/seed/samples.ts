/** The app's sample data. Every password is `password`; the addresses use domains that nobody can own. */
import { refTo, type Samples, sampleRows } from '@todo/migrator/samples';

import { todo } from '../schema/todo.ts';
import { user } from '../schema/user.ts';
import { SAMPLE_PASSWORD_HASH } from './sample-password.ts';

const userOf = (email: string) => ({ email, hashedPassword: SAMPLE_PASSWORD_HASH });
const ada = refTo(user, { email: 'ada@example.com' });
const grace = refTo(user, { email: 'grace@example.com' });

export const samples: Samples = {
  rows: [
    sampleRows(user, {
      by: ['email'],
      // The last user has just signed up.
      rows: [userOf('ada@example.com'), userOf('grace@example.com'), userOf('new@example.com')],
    }),
    sampleRows(todo, {
      by: ['userId', 'title'],
      rows: [
        { userId: ada, title: 'Translate the paper on the engine', isCompleted: true },
        {
          userId: ada,
          title: 'Write the notes',
          description: 'A to G. The last one needs a table.',
          isCompleted: true,
        },
        { userId: ada, title: 'Check the Bernoulli numbers again', description: 'Operation 4: is it v5 / v4?' },
        { userId: grace, title: 'Tape the moth into the log', description: 'Relay 70, panel F.', isCompleted: true },
        { userId: grace, title: 'Cut wire into nanoseconds', description: '11.8 inches each 📏' },
      ],
    }),
  ],
  generated: async () => (await import('./generated.ts')).generated,
};
