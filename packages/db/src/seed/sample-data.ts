/** The sample rows. Each password is `password`; the addresses lie in a domain that never belongs to anyone. */
export interface SampleUser {
  readonly email: string;
  readonly hashedPassword: string;
  readonly todos: readonly SampleTodo[];
}

export interface SampleTodo {
  readonly title: string;
  readonly description: string | null;
  readonly isCompleted: boolean;
}

/** Created and last changed then, so that the rows are the same after each run. */
export const SAMPLE_TIME = new Date('2026-01-05T09:00:00Z');

export const SAMPLE_PASSWORD_HASH = '$2b$10$todosampledataabcdefgObHXJc83aK24WWUVG65l7rGvPxf3gSxW';

export const SAMPLE_USERS: readonly SampleUser[] = [
  {
    email: 'ada@example.com',
    hashedPassword: SAMPLE_PASSWORD_HASH,
    todos: [
      { title: 'Translate the paper on the engine', description: null, isCompleted: true },
      { title: 'Write the notes', description: 'A to G. The last one needs a table.', isCompleted: true },
      { title: 'Check the Bernoulli numbers again', description: 'Operation 4: is it v5 / v4?', isCompleted: false },
    ],
  },
  {
    email: 'grace@example.com',
    hashedPassword: SAMPLE_PASSWORD_HASH,
    todos: [
      { title: 'Tape the moth into the log', description: 'Relay 70, panel F.', isCompleted: true },
      { title: 'Cut wire into nanoseconds', description: '11.8 inches each 📏', isCompleted: false },
    ],
  },
  // Someone who has just signed up.
  { email: 'new@example.com', hashedPassword: SAMPLE_PASSWORD_HASH, todos: [] },
];
