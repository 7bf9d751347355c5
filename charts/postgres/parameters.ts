import { Size } from 'cdk8s';
import type { Parameters } from './options.ts';

/** PostgreSQL's own default: clients come through the pooler. */
const MAX_CONNECTIONS = 100;

/**
 * Connections that one server takes: what is set, or 100. Whatever its size, since a server that follows must not take fewer than the one
 * it follows (postgresql.org, "Hot Standby", Administrator's Overview).
 */
export function connectionsOf({ max_connections: own }: Parameters = {}): number {
  return Number(own ?? MAX_CONNECTIONS);
}

/**
 * The settings of a server of this size.
 *
 * @param size memory and volume of one server, and how many there are
 * @param own the author's, which stand above those computed here
 */
export function parametersFor({ memory, storage, instances }: ServerSize, own: Parameters): Parameters {
  const connections = connectionsOf(own);
  const mib = memory.toMebibytes();
  const volume = storage.toMebibytes();
  const sharedBuffers = Math.floor(mib / 4);
  return {
    // Memory. A quarter: postgresql.org, "Resource Consumption", shared_buffers.
    shared_buffers: `${sharedBuffers}MB`,
    // What the page cache may hold besides: three quarters (pgtune).
    effective_cache_size: `${Math.floor((mib * 3) / 4)}MB`,
    // A sixteenth, 2 GiB at most (pgtune): three autovacuum workers take it at once.
    maintenance_work_mem: `${Math.min(2048, Math.max(16, Math.floor(mib / 16)))}MB`,
    // What is left, by three operations of each connection (pgtune); 4 MB, PostgreSQL's own default, at least.
    work_mem: `${Math.max(4, Math.floor((mib - sharedBuffers) / (3 * connections)))}MB`,
    // A node with huge pages kills a server that takes them without a limit of its own for them (docker-library/postgres#451).
    huge_pages: 'off',
    dynamic_shared_memory_type: 'posix',

    // Disk. A tenth of the volume between checkpoints, 8 GiB at most (pgtune), since all of it is replayed after a crash.
    max_wal_size: `${clamp(Math.floor(volume / 10), 64, 8192)}MB`,
    min_wal_size: `${clamp(Math.floor(volume / 40), 32, 2048)}MB`,
    // A follower that is gone must not fill the volume of the leader.
    max_slot_wal_keep_size: `${Math.floor(volume / 2)}MB`,
    wal_compression: 'lz4',
    // Volumes of block storage answer like SSDs (pgtune, "ssd").
    random_page_cost: 1.1,
    effective_io_concurrency: 200,

    // Connections and followers. Ten is PostgreSQL's own; each follower takes one, a backup two, a new follower two.
    max_connections: connections,
    max_wal_senders: Math.max(10, instances + 5),
    max_replication_slots: Math.max(10, instances + 5),
    // Commits wait for a follower whose node is gone until its connection is given up; PostgreSQL's own 60 s would be the outage.
    wal_sender_timeout: '15s',
    // A client that is gone without a word: noticed after two minutes instead of two hours.
    tcp_keepalives_idle: 60,
    tcp_keepalives_interval: 10,
    tcp_keepalives_count: 6,

    // What operators read.
    log_checkpoints: true,
    log_lock_waits: true,
    log_min_duration_statement: '1s',
    log_line_prefix: '%m [%p] %q%u@%d/%a ',
    log_timezone: 'UTC',
    timezone: 'UTC',
    track_io_timing: true,
    shared_preload_libraries: 'pg_stat_statements',
    // Compiling a statement costs more than most of them take (CrunchyData's operator turns it off too).
    jit: false,

    ...own,
    ...OWNED,
  };
}

export interface ServerSize {
  readonly memory: Size;
  readonly storage: Size;
  readonly instances: number;
}

/** Settings that archive, replication and safety stand on. */
const OWNED: Parameters = {
  wal_level: 'replica',
  hot_standby: true,
  // pg_rewind needs it, with data checksums too where a hint changed a page after the last checkpoint.
  wal_log_hints: true,
  archive_mode: true,
  // Each server's own file says the real one; one without it keeps its WAL instead of losing it.
  archive_command: 'false',
  // What a region may lose, with the time of the upload (measured lag at 60 s: 63 s).
  archive_timeout: '30s',
  password_encryption: 'scram-sha-256',
  fsync: true,
  full_page_writes: true,
};

/** What else is not an author's: Patroni, the certificate and the manifests say it. */
const SETTLED = [
  'listen_addresses',
  'port',
  'cluster_name',
  'data_directory',
  'config_file',
  'hba_file',
  'ident_file',
  'external_pid_file',
  'unix_socket_directories',
  'restore_command',
  'recovery_target',
  'primary_conninfo',
  'primary_slot_name',
  'synchronous_standby_names',
  'synchronous_commit',
  'logging_collector',
  'archive_library',
  'zero_damaged_pages',
];

/** @throws where a setting is none, or one that is settled here */
export function checkParameters(path: string, parameters: Parameters | undefined, memory: Size | undefined): void {
  if (parameters === undefined) return;
  const buffers = megabytesOf(parameters.shared_buffers);
  // Three quarters leave little for the sessions themselves, and what does not fit does not start.
  // A memory that is no size is refused where sizes are.
  if (buffers !== undefined && memory instanceof Size && buffers > 0.75 * memory.toMebibytes())
    throw new Error(
      `${path}: parameters.shared_buffers is ${parameters.shared_buffers} of ${memory.toMebibytes()} MiB of memory; stay below three quarters of it, or leave it out for a quarter`,
    );
  const { max_connections: connections } = parameters;
  // The pooler's pools are computed from it.
  if (
    connections !== undefined &&
    !(Number.isInteger(connections) && Number(connections) >= 20 && typeof connections === 'number')
  )
    throw new Error(
      `${path}: parameters.max_connections is ${JSON.stringify(connections)}; give a whole number from 20, without quotes`,
    );
  for (const [name, value] of Object.entries(parameters)) {
    const fail = (given: string, remedy: string) => {
      throw new Error(`${path}: parameters.${name} ${given}; ${remedy}`);
    };
    // The grammar of an option's name, with an extension's prefix.
    if (!/^[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)?$/.test(name))
      fail('is no setting of PostgreSQL', 'use small letters, digits and _, as in work_mem');
    if (name in OWNED || SETTLED.includes(name) || /^(ssl|recovery)_/.test(name) || name === 'ssl')
      fail('is settled here: archive, replication or safety stand on it', 'leave it out');
    if (!(typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)))
      fail(`is ${JSON.stringify(value)}`, "write a text with its unit ('16MB'), a number, true or false");
  }
}

/** A size as postgresql.conf has it; a bare number counts pages of 8 kB. Nothing where it is none: PostgreSQL says so itself. */
function megabytesOf(value: string | number | boolean | undefined): number | undefined {
  const [, amount, unit = ''] = /^(\d+) *(kB|MB|GB|TB|)$/.exec(String(value ?? '')) ?? [];
  const kilobytes: Record<string, number> = { '': 8, kB: 1, MB: 1024, GB: 1024 ** 2, TB: 1024 ** 3 };
  return amount === undefined ? undefined : (Number(amount) * kilobytes[unit]!) / 1024;
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, value));
}
