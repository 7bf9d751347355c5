/**
 * A publisher in a process of its own: `node --import tsx child.ts <dist> <version> [die-at-operation] [hold]`.
 * Says `waits`, `locked` and `done` on standard output, each as it happens. With `hold` it keeps the lock until its standard input ends.
 */
import { once } from 'node:events';
import fs from 'node:fs';
import { Comparison, lock, publish } from '../../../tools/publish/index.ts';
import { countingFiles, fleet } from './fleet.ts';

const [dist = '', version = '1', dieAt = '0', hold = ''] = process.argv.slice(2);
const say = (word: string) => fs.writeSync(1, `${word}\n`);

const release = await lock(dist, { waitSeconds: 20, onWait: message => say(`waits ${message}`) });
say('locked');
if (hold !== '') await once(process.stdin.resume(), 'end');
const comparison = new Comparison(dist);
for (const { file, text } of fleet(version)) comparison.compare(file, text);
publish(
  comparison.plan(),
  countingFiles(count => {
    if (count === Number(dieAt)) process.kill(process.pid, 'SIGKILL');
  }),
);
release();
say('done');
