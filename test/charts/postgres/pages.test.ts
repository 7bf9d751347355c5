import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Duration, Postgres, type Site } from '../../../charts/index.ts';
import type { ExternalSecret } from '../../../imports/custom.ts';
import { production } from '../../site.ts';
import { judged, rendered } from '../fixture.ts';
import { postgres } from './fixture.ts';

const WRITES: Partial<Site> = { ...production, role: 'primary' };

describe.each([
  ['point-in-time-recovery', 'database-1120'],
  ['major-version', 'database-17'],
])('runbooks/postgres/%s.md', (name, id) => {
  const page = readFileSync(new URL(`../../../runbooks/postgres/${name}.md`, import.meta.url), 'utf8');

  test('what it says to paste renders in production, and no law has anything against it', () => {
    const shop = pasted(page, WRITES);
    expect(rendered(shop).objects).toHaveProperty(`StatefulSet ${id}-production`);
    expect(judged(shop)).toEqual([]);
  });

  test('and in a tier without backups', () => {
    expect(judged(pasted(page, { tier: 'development' }))).toEqual([]);
  });

  test('names every secret that the new database asks for, and no other', () => {
    const asked = rendered(pasted(page, WRITES))
      .all.filter(({ kind }) => kind === 'ExternalSecret')
      .flatMap(each => (each as unknown as ExternalSecret).spec!.data!.map(({ remoteRef }) => remoteRef.key))
      .filter(key => key.startsWith(`shop/${id}/`));
    const named = [...page.matchAll(/`<system>(\/\S+)`/g)].map(([, path]) =>
      `shop${path}`.replace('<database>', 'shop').replace('<role>', 'app').replace('<n>', '1'),
    );
    expect(named.sort()).toEqual([...new Set(asked)].sort());
  });
});

/** A system with a database and, beside it, what the first code of the page makes. */
function pasted(page: string, site: Partial<Site>) {
  const [, code = ''] = /^ *```ts\n(.*?)^ *```$/ms.exec(page)!;
  const { shop, database } = postgres(site.tier === 'development' ? { backups: undefined, instances: 1 } : {}, site);
  new Function('database', 'Postgres', 'Duration', code).call(shop, database, Postgres, Duration);
  return shop;
}
