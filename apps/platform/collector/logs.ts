import { kinds, severities } from './kinds.ts';
import { firstOf, text } from './ottl.ts';
import { redactMap, redactText } from './redaction.ts';

/** Under which names frameworks write the id that leads from service to service; the edge's own is the first. */
const REQUEST_ID = ['request_id', 'requestId', 'req_id', 'correlation_id', 'correlationId', 'x-request-id', 'req.id'];
const TRACE_ID = ['trace_id', 'traceId', 'otelTraceID', 'trace.id'];
const SPAN_ID = ['span_id', 'spanId', 'otelSpanID', 'span.id'];

/** What a line becomes: fields, severity, kind, ids, and no secrets. @param edge the namespace of the edge */
export function logStatements(edge: string) {
  return [
    // A line that looks like JSON and is none stays a text: nothing to tell anybody about, line by line.
    {
      error_mode: 'silent',
      conditions: [`IsMatch(log.body, ${text('^\\s*[{]')})`],
      statements: ['merge_maps(log.attributes, ParseJSON(log.body), "upsert")', 'flatten(log.attributes)'],
    },
    {
      error_mode: 'ignore',
      statements: [
        ...redactMap('log.attributes'),
        ...redactText('log.body'),
        ...severities(),
        ...kinds(edge),
        ...ids(),
        // The text alone: the rest of the line stands in the attributes.
        ...firstOf('log.cache["message"]', ['message', 'msg']),
        'set(log.body, log.cache["message"]) where IsString(log.cache["message"])',
        ...['message', 'msg', 'log.file.path'].map(name => `delete_key(log.attributes, "${name}")`),
      ],
    },
  ];
}

function ids(): string[] {
  const parts = 'ExtractPatterns(log.attributes["traceparent"], ';
  const traceparent = `${parts}${text('^[0-9a-f]{2}-(?P<trace_id>[0-9a-f]{32})-(?P<span_id>[0-9a-f]{16})-')})`;
  const isId = (name: string, digits: number) =>
    `IsMatch(log.attributes["${name}"], ${text(`^[0-9a-fA-F]{${digits}}$`)})`;
  return [
    ...firstOf('log.attributes["request_id"]', REQUEST_ID),
    ...REQUEST_ID.slice(1).map(name => `delete_key(log.attributes, "${name}")`),
    // The edge passes on what a caller traced, and writes it down as it came (W3C Trace Context).
    `merge_maps(log.attributes, ${traceparent}, "insert") where IsString(log.attributes["traceparent"])`,
    ...firstOf('log.attributes["trace_id"]', TRACE_ID),
    ...firstOf('log.attributes["span_id"]', SPAN_ID),
    ...[...TRACE_ID.slice(1), ...SPAN_ID.slice(1), 'traceparent'].map(name => `delete_key(log.attributes, "${name}")`),
    // As ids of the record itself, by which backends lead from a line to its trace.
    `set(log.trace_id.string, ConvertCase(log.attributes["trace_id"], "lower")) where ${isId('trace_id', 32)}`,
    `set(log.span_id.string, ConvertCase(log.attributes["span_id"], "lower")) where ${isId('span_id', 16)}`,
  ];
}
