/** A process that migrates each database that it is told: a thousand runs without a thousand starts of Node. */
import { migrate } from '../dist/index.js';

const [directory] = process.argv.slice(2);

process.on('message', (url) => {
  migrate(url, directory).then(
    ({ applied }) => process.send({ applied }),
    (error) => process.send({ error: String(error) }),
  );
});
