/** Migrates each database whose URL it receives, so that a thousand runs need only one start of Node.js. */
import { migrate } from '../dist/index.js';

const [directory] = process.argv.slice(2);

process.on('message', (url) => {
  migrate(url, directory).then(
    ({ applied }) => process.send({ applied }),
    (error) => process.send({ error: String(error) }),
  );
});
