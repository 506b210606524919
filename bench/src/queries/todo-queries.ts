/** The four queries that each contestant implements. All contestants return equal results. */
export interface Todo {
  readonly id: number;
  readonly title: string;
  readonly description: string | null;
  readonly isCompleted: boolean;
  readonly userId: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface TodoQueries {
  /** The newest 20 todos. The query reads one more, to know whether there is a next page. */
  list(userId: number): Promise<{ readonly todos: readonly Todo[]; readonly hasMore: boolean }>;
  get(userId: number, id: number): Promise<Todo | null | undefined>;
  create(userId: number, title: string): Promise<Todo>;
  complete(userId: number, id: number): Promise<Todo>;
  close(): Promise<unknown>;
}

/** Connects to the database and returns the queries. Each module of a contestant exports this function as `open`. */
export type OpenTodoQueries = (url: string) => TodoQueries | Promise<TodoQueries>;

export const PAGE_SIZE = 20;

export function toPage(todos: readonly Todo[]): Awaited<ReturnType<TodoQueries['list']>> {
  return { todos: todos.slice(0, PAGE_SIZE), hasMore: todos.length > PAGE_SIZE };
}

/** The row that a write returns. */
export function firstRow<Row>([row]: readonly Row[]): Row {
  if (row === undefined) throw new Error('The statement returned no row');
  return row;
}
