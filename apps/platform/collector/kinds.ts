import { AUDIT_CONTAINER } from '../../../charts/index.ts';
import { firstOf, text } from './ottl.ts';

/**
 * What a record is. An audit log is told by its container alone, so that no service can write into another's; the rest may be said
 * by the record itself (`log_kind`), else it follows from who wrote it and how grave it is.
 */
export const KINDS = ['application', 'access', 'error', 'security', 'audit'] as const;
export type LogKind = (typeof KINDS)[number];

const KIND = 'log.attributes["log_kind"]';
const LOGGER = 'log.attributes["logger"]';

/** Sets `log_kind`. @param edge the namespace of the edge, whose JSON lines are access logs */
export function kinds(edge: string): string[] {
  const container = 'resource.attributes["k8s.container.name"]';
  const namespace = 'resource.attributes["k8s.namespace.name"]';
  return [
    // What a service may call its own: all but audit.
    `delete_key(log.attributes, "log_kind") where ${KIND} != nil and not IsMatch(${KIND}, "^(application|access|error|security)$$")`,
    `set(${KIND}, "audit") where ${container} == ${text(AUDIT_CONTAINER)}`,
    `set(${KIND}, "access") where ${KIND} == nil and ${namespace} == ${text(edge)} and log.attributes["status"] != nil`,
    `set(${KIND}, "access") where ${KIND} == nil and IsMatch(${LOGGER}, "(^|[._-])access$$")`,
    `set(${KIND}, "security") where ${KIND} == nil and IsMatch(${LOGGER}, "(^|[._-])security$$")`,
    `set(${KIND}, "error") where ${KIND} == nil and log.severity_number >= SEVERITY_NUMBER_ERROR`,
    `set(${KIND}, "application") where ${KIND} == nil`,
  ];
}

/** Severities by what frameworks call them, with OpenTelemetry's name and number; numbers are those of pino and bunyan. */
const LEVELS: readonly (readonly [said: string, name: string, number: string])[] = [
  ['^(trace|10)$', 'trace', 'SEVERITY_NUMBER_TRACE'],
  ['^(debug|verbose|20)$', 'debug', 'SEVERITY_NUMBER_DEBUG'],
  ['^(info|information|informational|notice|log|30)$', 'info', 'SEVERITY_NUMBER_INFO'],
  ['^(warn|warning|40)$', 'warn', 'SEVERITY_NUMBER_WARN'],
  ['^(err|error|50)$', 'error', 'SEVERITY_NUMBER_ERROR'],
  ['^(fatal|critical|crit|alert|emerg|emergency|panic|60)$', 'fatal', 'SEVERITY_NUMBER_FATAL'],
];

const LEVEL = 'log.cache["level"]';

/** Sets the severity from the record's own field, else from the word that PostgreSQL, Redis and nginx write in capitals or brackets. */
export function severities(): string[] {
  return [
    ...firstOf(LEVEL, ['level', 'severity', 'levelname', 'log.level']),
    `set(${LEVEL}, "fatal") where ${LEVEL} == nil and IsMatch(log.body, "^.{0,160}(\\\\b(FATAL|PANIC|CRITICAL):|\\\\[(crit|alert|emerg)\\\\])")`,
    `set(${LEVEL}, "error") where ${LEVEL} == nil and IsMatch(log.body, "^.{0,160}(\\\\bERROR:|\\\\[error\\\\])")`,
    `set(${LEVEL}, ConvertCase(String(${LEVEL}), "lower")) where ${LEVEL} != nil`,
    ...LEVELS.flatMap(([said, name, number]) => {
      const where = `where ${LEVEL} != nil and IsMatch(${LEVEL}, ${text(said)})`;
      return [`set(log.severity_number, ${number}) ${where}`, `set(log.attributes["severity"], "${name}") ${where}`];
    }),
    `set(log.attributes["severity"], "unknown") where log.severity_number == SEVERITY_NUMBER_UNSPECIFIED`,
    `set(log.severity_text, log.attributes["severity"])`,
    ...['level', 'levelname', 'log.level'].map(name => `delete_key(log.attributes, "${name}")`),
  ];
}
