import fs from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Comparison } from '../../../tools/publish/index.ts';
import { ours, planFor, publishAll, put, scratchDist, stamps, tree } from './scratch.ts';

const API = ours('dev/zapora/services/zapora/Service.api.yaml');
const WEB = ours('dev/zapora/services/zapora/Service.web.yaml');
const DATA = ours('dev/zapora/data/zapora/Cluster.database.yaml');

describe('a plan', () => {
  it('says what would be added, changed and removed, what stays and what is not ours', () => {
    const dist = scratchDist();
    publishAll(dist, [API, WEB, ours('z.yaml'), DATA]);
    put(dist, 'README.md', 'by hand\n');
    put(dist, 'dev/empty.yaml', '');
    fs.symlinkSync('README.md', join(dist, 'link.yaml'));
    const changed = ours(WEB.file, 'y');
    const added = ours('a.yaml');
    expect(planFor(dist, [changed, added, API])).toEqual({
      dist: fs.realpathSync(dist),
      added: [added],
      changed: [changed],
      unchanged: 1,
      removed: [DATA.file, 'z.yaml'],
      foreign: ['README.md', 'dev/empty.yaml', 'link.yaml'],
    });
  });

  it.each([
    ['longer', 'about: xy\n'],
    ['shorter', 'about: '],
    ['as long, but with bytes that are no text', 'about: \ud800'],
    ['far longer', 'ä'.repeat(300_000)],
  ])('sees a file that is %s', (_, rest) => {
    const dist = scratchDist();
    const file = { file: 'a.yaml', text: `# drydock: a\n${rest.replace('\ud800', '\ufffd')}` };
    publishAll(dist, [{ file: 'a.yaml', text: '# drydock: a\nabout: x\n' }]);
    if (rest.includes('\ud800'))
      fs.writeFileSync(
        join(dist, 'a.yaml'),
        Buffer.concat([Buffer.from('# drydock: a\nabout: '), Buffer.from([0xff, 0xfe, 0xff])]),
      );
    expect(planFor(dist, [file]).changed).toEqual([file]);
    publishAll(dist, [file]);
    expect(planFor(dist, [file]).unchanged).toBe(1);
  });

  it.each([
    '../a.yaml',
    'a/../../b.yaml',
    '/etc/a.yaml',
    'a//b.yaml',
    'a/',
    '',
    './a.yaml',
    'a\0.yaml',
    'a\\..\\b.yaml',
    '..',
  ])('refuses the path %j', file => {
    const dist = scratchDist();
    expect(() => new Comparison(dist).compare(file, API.text)).toThrow('not a plain path below dist');
  });

  it('refuses a text that it could not know again, and two texts for one path', () => {
    const comparison = new Comparison(scratchDist());
    expect(() => comparison.compare('a.yaml', 'kind: Service\n')).toThrow(
      "dist/a.yaml: the text does not begin with '# drydock: '",
    );
    comparison.compare(API.file, API.text);
    expect(() => comparison.compare(API.file, API.text)).toThrow(`dist/${API.file}: rendered twice`);
    comparison.compare(`${API.file}/b.yaml`, API.text);
    expect(() => comparison.plan()).toThrow(
      `dist/${API.file}: a rendered file where other rendered files need a folder`,
    );
  });
});

describe('what is not ours and in the way is named, and stays:', () => {
  it.each<[string, (dist: string) => void, string]>([
    ['a file', dist => put(dist, WEB.file, 'by hand\n'), `dist/${WEB.file}: a file that is not ours`],
    [
      'a file with a header like ours',
      dist => put(dist, WEB.file, '# drydock is nice\n'),
      `dist/${WEB.file}: a file that is not ours`,
    ],
    ['an empty file', dist => put(dist, WEB.file, ''), `dist/${WEB.file}: a file that is not ours`],
    ['a folder', dist => put(dist, `${WEB.file}/notes.txt`, 'by hand\n'), `dist/${WEB.file}: a folder`],
    [
      'a link to one of ours',
      dist => fs.symlinkSync('Service.api.yaml', join(dist, WEB.file)),
      `dist/${WEB.file}: a link`,
    ],
    [
      'a file for a folder',
      dist => put(dist, 'dev/zapora/data', 'by hand\n'),
      'dist/dev/zapora/data: a file where rendered files need a folder',
    ],
    [
      'a link for a folder',
      dist => fs.symlinkSync('/tmp', join(dist, 'dev/zapora/data')),
      'dist/dev/zapora/data: a link',
    ],
  ])('%s', (_, prepare, message) => {
    const dist = scratchDist();
    publishAll(dist, [API]);
    prepare(dist);
    const before = [tree(dist), stamps(dist)];
    expect(() => publishAll(dist, [ours(API.file, 'y'), WEB, DATA])).toThrow(message);
    expect(() => publishAll(dist, [ours(API.file, 'y'), WEB, DATA])).toThrow('move or delete it, then synth again');
    expect([tree(dist), stamps(dist)]).toEqual(before);
    expect(fs.readdirSync(dirname(dist))).toEqual(['dist']);
  });
});
