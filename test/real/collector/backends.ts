import { createServer, type Server } from 'node:http';

/** A log record as OTLP's JSON has it, flat: its resource's attributes stand beside its own. */
export interface Received {
  readonly to: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly resource: Readonly<Record<string, unknown>>;
  readonly severity?: string;
  readonly traceId?: string;
  readonly spanId?: string;
  /** Of a span. */
  readonly name?: string;
}

/** What stands for all backends: each by the first part of the path that is asked. */
export class Backends {
  readonly received: Received[] = [];
  /** For good: what is sent will not be taken, however often it is tried. */
  refuse = false;
  #server: Server | undefined;

  constructor(
    private readonly host: string,
    private readonly port: number,
  ) {}

  url(name: string): string {
    return `http://${this.host}:${this.port}/${name}`;
  }

  async open(): Promise<void> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', chunk => chunks.push(chunk));
      request.on('end', () => {
        if (this.refuse) return void response.writeHead(400).end();
        const to = request.url!.split('/')[1]!;
        this.received.push(...flat(to, JSON.parse(Buffer.concat(chunks).toString())));
        response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
      });
    });
    this.#server = server;
    await new Promise<void>(resolve => server.listen(this.port, this.host, resolve));
  }

  close(): void {
    this.#server?.closeAllConnections();
    this.#server?.close();
    this.#server = undefined;
  }
}

interface Attribute {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

// biome-ignore lint/suspicious/noExplicitAny: OTLP's JSON, of logs or of traces
function flat(to: string, { resourceLogs = [], resourceSpans = [] }: any): Received[] {
  return [...resourceLogs, ...resourceSpans].flatMap(({ resource, scopeLogs = [], scopeSpans = [] }) =>
    [...scopeLogs, ...scopeSpans].flatMap(({ logRecords = [], spans = [] }) =>
      // biome-ignore lint/suspicious/noExplicitAny: OTLP's JSON
      [...logRecords, ...spans].map((record: any) => ({
        to,
        body: record.body?.stringValue ?? '',
        attributes: mapOf(record.attributes),
        resource: mapOf(resource.attributes),
        severity: record.severityText,
        traceId: record.traceId,
        spanId: record.spanId,
        name: record.name,
      })),
    ),
  );
}

function mapOf(attributes: readonly Attribute[] = []): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}
