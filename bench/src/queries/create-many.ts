/** `create-many.js URL USER COUNT`: creates this number of todos, and prints the peak memory of the process in megabytes. */
import { connectWebSocket, todosOf } from '../workspace.ts';

const [url, userId, count] = process.argv.slice(2);
await using db = connectWebSocket(url);
await todosOf(db, Number(userId)).createMany(newTodos(Number(count)));
process.stdout.write(`${process.resourceUsage().maxRSS / 1000}\n`);

function* newTodos(rows: number) {
  for (let n = 0; n < rows; n += 1) yield { title: `Write note ${n}`, description: 'Of the analytical engine' };
}
