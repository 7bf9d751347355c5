import { createSocket } from 'node:dgram';
import { readFileSync, statSync } from 'node:fs';

/**
 * The name server of the pods, a program of its own: it answers while the test's own process is busy.
 *
 * `dns.ts <address> <table>`: the table is JSON, full names to IPv4 addresses, read again whenever it changes. A name has A records and nothing
 * else; one that is not there is NXDOMAIN. Time to live: 5 s, as CoreDNS ships.
 */
const [address = '', table = ''] = process.argv.slice(2);
const TTL_SECONDS = 5;
const A = 1;
const NXDOMAIN = 3;

let read = 0;
let names = new Map<string, readonly string[]>();

const socket = createSocket('udp4');
socket.on('message', (query, from) => socket.send(answer(query), from.port, from.address));
socket.bind(53, address, () => process.stdout.write('ready\n'));

function answer(query: Buffer): Buffer {
  const { name, end } = questionOf(query);
  const addresses = lookUp(name.toLowerCase());
  const records = query.readUInt16BE(end - 4) === A ? (addresses ?? []).map(recordOf) : [];
  const header = Buffer.from(query.subarray(0, 12));
  header.writeUInt16BE(0x8580 | (addresses ? 0 : NXDOMAIN), 2); // an answer, authoritative
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(records.length, 6);
  header.writeUInt32BE(0, 8); // an EDNS option of the query is not answered
  return Buffer.concat([header, query.subarray(12, end), ...shuffled(records)]);
}

function questionOf(query: Buffer): { name: string; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.'), end: at + 5 };
}

function lookUp(name: string): readonly string[] | undefined {
  const { mtimeMs } = statSync(table);
  if (mtimeMs !== read) {
    names = new Map(Object.entries(JSON.parse(readFileSync(table, 'utf8')) as Record<string, string[]>));
    read = mtimeMs;
  }
  return names.get(name);
}

function recordOf(ip: string): Buffer {
  const record = Buffer.alloc(16);
  record.writeUInt16BE(0xc00c, 0); // the name of the question
  record.writeUInt16BE(A, 2);
  record.writeUInt16BE(1, 4);
  record.writeUInt32BE(TTL_SECONDS, 6);
  record.writeUInt16BE(4, 10);
  for (const [i, part] of ip.split('.').entries()) record[12 + i] = Number(part);
  return record;
}

function shuffled<T>(items: T[]): T[] {
  return items
    .map(item => ({ item, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
