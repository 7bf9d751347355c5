import { connect, type TLSSocket } from 'node:tls';

/** Whom a client logs in as, whom it believes, and how it finds the address of a name. */
export interface ClientOptions {
  readonly user?: string;
  readonly password?: string;
  readonly ca: string;
  /** What DNS is to a pod. */
  readonly addressOf: (host: string) => string | undefined;
}

type Reply = string | number | null | Reply[];

/** One connection that checks the name in the server's certificate; an error of the server is an `Error` of its text. */
export class Connection {
  readonly #socket: TLSSocket;
  readonly #waiting: { resolve(reply: Reply): void; reject(error: Error): void }[] = [];
  #unread = '';

  private constructor(socket: TLSSocket) {
    this.#socket = socket.setEncoding('latin1');
    socket.on('data', text => this.#read(String(text)));
    socket.on('close', () => this.#fail(new Error('closed')));
    socket.on('error', error => this.#fail(error));
  }

  static async to(host: string, { user, password = '', ca, addressOf }: ClientOptions): Promise<Connection> {
    const address = addressOf(host);
    if (address === undefined) throw new Error(`${host} is unknown`);
    const socket = connect({ host: address, port: 6379, ca, servername: host });
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => socket.destroy(new Error(`${host} does not answer`)), 2000);
      const end = (error?: Error) => {
        clearTimeout(timer);
        if (error) reject(error);
        else resolve();
      };
      socket
        .once('secureConnect', () => end())
        .once('error', end)
        .once('close', () => end(new Error('closed')));
    });
    const connection = new Connection(socket);
    if (user !== undefined) await connection.send('AUTH', user, password);
    return connection;
  }

  send(...command: readonly string[]): Promise<Reply> {
    return new Promise((resolve, reject) => {
      if (this.#socket.destroyed) return reject(new Error('closed'));
      const timer = setTimeout(() => this.#fail(new Error('no answer within 2 s')), 2000);
      const done = <T>(end: (value: T) => void) => {
        return (value: T) => {
          clearTimeout(timer);
          end(value);
        };
      };
      this.#waiting.push({ resolve: done(resolve), reject: done(reject) });
      const parts = command.map(part => `$${Buffer.byteLength(part)}\r\n${part}\r\n`);
      this.#socket.write(`*${command.length}\r\n${parts.join('')}`);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #fail(error: Error): void {
    this.#socket.destroy();
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }

  #read(text: string): void {
    this.#unread += text;
    for (;;) {
      const parsed = parse(this.#unread, 0);
      if (parsed === undefined) return;
      this.#unread = this.#unread.slice(parsed.end);
      const waiting = this.#waiting.shift();
      if (parsed.value instanceof Error) waiting?.reject(parsed.value);
      else waiting?.resolve(parsed.value);
    }
  }
}

/** One reply of RESP 2 (redis.io/docs/latest/develop/reference/protocol-spec); nothing while it is not whole. */
function parse(text: string, at: number): { value: Reply | Error; end: number } | undefined {
  const stop = text.indexOf('\r\n', at);
  if (stop < 0) return undefined;
  const line = text.slice(at + 1, stop);
  const end = stop + 2;
  switch (text[at]) {
    case '-':
      return { value: new Error(line), end };
    case ':':
      return { value: Number(line), end };
    case '$': {
      const length = Number(line);
      if (length < 0) return { value: null, end };
      return text.length < end + length + 2
        ? undefined
        : { value: text.slice(end, end + length), end: end + length + 2 };
    }
    case '*': {
      const items: Reply[] = [];
      let next = end;
      for (let left = Number(line); left > 0; left--) {
        const item = parse(text, next);
        if (item === undefined) return undefined;
        items.push(item.value as Reply);
        next = item.end;
      }
      return { value: items, end: next };
    }
    default:
      return { value: line, end };
  }
}

/** A client of a cluster: it begins at the seed, goes where MOVED and ASK send it, and begins again where a node has gone. */
export class ClusterClient {
  readonly #connections = new Map<string, Connection>();
  /** By hash tag: which node has its slot. */
  readonly #nodes = new Map<string, string>();
  /** Every host that it was sent to. */
  readonly sentTo = new Set<string>();

  constructor(
    private readonly seed: string,
    private readonly options: ClientOptions,
  ) {}

  /** @param tag in braces within the key: what its slot is computed from */
  async send(tag: string, ...commands: readonly (readonly string[])[]): Promise<Reply[]> {
    let host = this.#nodes.get(tag) ?? this.seed;
    let asking = false;
    for (let hops = 0; hops < 5; hops++) {
      try {
        const connection = this.#connections.get(host) ?? (await Connection.to(host, this.options));
        this.#connections.set(host, connection);
        const sent = commands.map(command => {
          // For one command each: the slot is on its way.
          if (asking) connection.send('ASKING').catch(() => {});
          return connection.send(...command);
        });
        const replies = await Promise.all(sent);
        if (!asking) this.#nodes.set(tag, host);
        return replies;
      } catch (error) {
        const [, word, to] = /^(MOVED|ASK) \d+ (.+):6379$/.exec((error as Error).message) ?? [];
        if (to === undefined) {
          this.#connections.get(host)?.close();
          this.#connections.delete(host);
          this.#nodes.delete(tag);
          throw error;
        }
        this.sentTo.add(to);
        host = to;
        asking = word === 'ASK';
      }
    }
    throw new Error('sent on five times');
  }

  close(): void {
    for (const connection of this.#connections.values()) connection.close();
    this.#connections.clear();
  }
}
