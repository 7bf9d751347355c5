import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * `npm run bench`: rendering, proving and publishing 1, 10 and 100 times the fleet, beside plain cdk8s on the same charts
 * (which proves nothing and always writes all). Whole processes, start included; medians of RUNS after one warm-up.
 */
const RUNS = Number(process.env.RUNS ?? 7);
/** A RAM disk where there is one: the disk's mood is not what is measured. */
const SCRATCH = existsSync('/dev/shm') ? '/dev/shm' : os.tmpdir();
const ROOT = fileURLToPath(new URL('../', import.meta.url));
const RUN = fileURLToPath(new URL('run.cjs', import.meta.url));

interface Measured {
  readonly objects: number;
  /** Of the whole process. */
  readonly wall: number;
  readonly peakKilobytes: number;
}

const once = (who: string, times: number, folder: string): Measured => {
  const started = performance.now();
  const words = [RUN, who, String(times), folder];
  const out = execFileSync(process.execPath, words, { cwd: ROOT, encoding: 'utf8' });
  return { ...JSON.parse(out), wall: (performance.now() - started) / 1000 };
};

/** In a folder of its own, which goes with it. */
function scratch<T>(work: (dist: string) => T): T {
  const folder = mkdtempSync(path.join(SCRATCH, 'drydock-bench-'));
  try {
    return work(path.join(folder, 'dist'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param before puts the folder into the state that is measured, untimed */
function measure(who: string, times: number, before: (folder: string) => void): Measured {
  return scratch(dist => {
    const runs = Array.from({ length: RUNS + 1 }, () => {
      before(dist);
      return once(who, times, dist);
    }).slice(1);
    const median = (of: (run: Measured) => number) => runs.map(of).sort((a, b) => a - b)[Math.floor(RUNS / 2)]!;
    return {
      objects: runs[0]!.objects,
      wall: median(run => run.wall),
      peakKilobytes: median(run => run.peakKilobytes),
    };
  });
}

const empty = (dist: string) => rmSync(dist, { recursive: true, force: true });
const unchanged = () => {};
/** As if the tag of one service had been another: the first Deployment's file is not what the code says. */
const oneTag = (dist: string) => {
  if (!existsSync(dist)) return;
  const name = readdirSync(dist, { recursive: true, encoding: 'utf8' }).find(file => /\/Deployment\./.test(file));
  if (name === undefined) throw new Error('no system of the fleet makes a Deployment; there is no tag to change');
  const file = path.join(dist, name);
  writeFileSync(file, readFileSync(file, 'utf8').replace(/(image: .*:).*/, '$1other'));
};

const rows: string[] = [];
function row(name: string, { objects, wall, peakKilobytes }: Measured): Measured {
  const cells = [name, objects, wall.toFixed(2), Math.round(objects / wall), Math.round(peakKilobytes / 1024)];
  rows.push(`| ${cells.join(' | ')} |`);
  process.stderr.write(`${rows.at(-1)}\n`);
  return { objects, wall, peakKilobytes };
}

const bare = measure('nothing', 0, empty);
const one = row('Drydock, the fleet, unchanged', measure('drydock', 1, unchanged));
const ten = row('Drydock, 10 ×, unchanged', measure('drydock', 10, unchanged));
// Some objects are the fleet's, however many clusters it has: what counts is what one more copy adds.
const sixteenThousand = Math.ceil((16_000 - one.objects) / ((ten.objects - one.objects) / 9)) + 1;
row(`Drydock, ${sixteenThousand} ×, unchanged`, measure('drydock', sixteenThousand, unchanged));
row(`Drydock, ${sixteenThousand} ×, one tag changed`, measure('drydock', sixteenThousand, oneTag));
row(`Drydock, ${sixteenThousand} ×, into an empty folder`, measure('drydock', sixteenThousand, empty));
const hundred = row('Drydock, 100 ×, unchanged', measure('drydock', 100, unchanged));
row('plain cdk8s, the fleet', measure('cdk8s', 1, empty));
row('plain cdk8s, 10 ×', measure('cdk8s', 10, empty));
row(`plain cdk8s, ${sixteenThousand} ×`, measure('cdk8s', sixteenThousand, empty));

const each = ({ wall, objects }: Measured) => ((wall - bare.wall) / objects) * 1e6;
const memory = ({ peakKilobytes, objects }: Measured) => (peakKilobytes - 130 * 1024) / objects;
process.stdout.write(
  `${[
    '| what | objects | seconds | objects/s | peak MiB |',
    '|---|---|---|---|---|',
    ...rows,
    '',
    `Start-up alone: ${bare.wall.toFixed(2)} s. Per object beyond it: ${each(ten).toFixed(0)} µs at 10 ×, ${each(hundred).toFixed(0)} µs at 100 × (${(each(hundred) / each(ten)).toFixed(2)} times; the limit is 1.15).`,
    `Memory above 130 MiB: ${memory(hundred).toFixed(2)} KiB an object at 100 × (the limit is 2). The fleet itself: ${one.objects} objects.`,
    `${os.cpus().length} × ${os.cpus()[0]?.model.trim()}, Node ${process.version}, medians of ${RUNS} after one warm-up, ${SCRATCH === '/dev/shm' ? 'on a RAM disk' : 'on disk'}.`,
  ].join('\n')}\n`,
);
