/** Rows as they come, gathered into columns of a bounded size. */
import type { NewTodo } from '../validators/todo.ts';

export type ManyTodos = Iterable<NewTodo> | AsyncIterable<NewTodo>;

export interface Chunk {
  readonly titles: string[];
  readonly descriptions: (string | null)[];
  readonly completed: boolean[];
}

export interface Bounds {
  readonly rowsMax: number;
  /** Of all texts together, by `sizeOf`. One row may be larger, and is a chunk of its own. */
  readonly sizeMax: number;
  readonly sizeOf: (text: string) => number;
}

/** The columns of as many todos as fit, again and again. None is empty. */
export async function* chunksOf(
  todos: ManyTodos,
  { rowsMax, sizeMax, sizeOf }: Bounds,
): AsyncGenerator<Chunk, void, void> {
  let chunk = emptyChunk();
  let size = 0;
  for await (const { title, description = null, isCompleted = false } of todos) {
    const added = sizeOf(title) + sizeOf(description ?? '');
    if (chunk.titles.length === rowsMax || (size + added > sizeMax && chunk.titles.length > 0)) {
      yield chunk;
      chunk = emptyChunk();
      size = 0;
    }
    size += added;
    chunk.titles.push(title);
    chunk.descriptions.push(description);
    chunk.completed.push(isCompleted);
  }
  if (chunk.titles.length > 0) yield chunk;
}

function emptyChunk(): Chunk {
  return { titles: [], descriptions: [], completed: [] };
}
