import type { Finding } from '../../render/finding.ts';
import type { Unit } from '../rule.ts';
import { AlertOnce } from './alert-once.ts';
import { AlertRouted } from './alert-routed.ts';
import { HostOnce } from './host-once.ts';
import { NodesHold } from './nodes-hold.ts';
import { OneArchive } from './one-archive.ts';
import { OneOwner } from './one-owner.ts';
import { isWaivable } from './table.ts';

/** The laws between units. They see each unit once and keep a few words of it, so that a unit's objects can go when it is published. */
export class FleetLaws {
  readonly #laws = [
    new OneOwner(),
    new HostOnce(),
    new NodesHold(),
    new OneArchive(),
    new AlertOnce(),
    new AlertRouted(),
  ];

  /** @param found in the unit by itself: an object that was not made or fails its schema keeps these laws waiting, too */
  see(unit: Unit, found: readonly Finding[] = []): void {
    if (found.some(({ rule }) => !isWaivable(rule))) return;
    for (const law of this.#laws) law.see(unit);
  }

  findings(): Finding[] {
    return this.#laws.flatMap(law => law.findings());
  }
}
