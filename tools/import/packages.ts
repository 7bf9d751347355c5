import { fileURLToPath } from 'node:url';
import { createFormatter, createParser, DEFAULT_CONFIG, SchemaGenerator } from 'ts-json-schema-generator';
import ts from 'typescript';
import { groupOf } from '../render/manifest.ts';
import { type Import, type Json, type KindEntry, KNOWN, reachable, type Schema, simplify } from './schema.ts';
import type { Source } from './sources.ts';

const HERE = fileURLToPath(import.meta.url);
const COMPILER: ts.CompilerOptions = {
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  target: ts.ScriptTarget.ES2023,
  strict: true,
  skipLibCheck: true,
  allowImportingTsExtensions: true,
  noEmit: true,
  types: [],
};

/** Prefixes that make the definition names of packages the same as a kube-apiserver's. */
const PREFIXES: Readonly<Record<string, string>> = {
  '@kubernetes-models/apimachinery': 'io.k8s.apimachinery.pkg.',
  'kubernetes-models': 'io.k8s.api.',
};

interface Located extends Source {
  readonly file: string;
  readonly version: string;
}

/** The schemas of custom resources, made from TypeScript types; by API group. */
export function fromTypes(sources: readonly Source[]): Map<string, Import> {
  const located = sources.map(locate);
  const program = ts.createProgram([...new Set(located.map(({ file }) => file))], COMPILER);
  const generator = generatorOf(program, located);
  const groups = new Map<string, Import>();
  for (const source of located) {
    const type = source.type ?? `I${source.kind}`;
    const { definitions: raw = {} } = generator.createSchemaFromNodes([declarationOf(program, source.file, type)]);
    const definitions = Object.fromEntries(
      Object.entries(raw).map(([name, schema]) => [name, KNOWN[name] ?? simplified(schema as Json)]),
    );
    const group = groupOf(source.apiVersion);
    const sofar = groups.get(group);
    const entry = { schema: definitionName(source.file, type, located), namespaced: source.namespaced };
    const kinds: Record<string, KindEntry> = { ...sofar?.kinds, [`${source.apiVersion}/${source.kind}`]: entry };
    groups.set(group, {
      version: [...new Set([...(sofar?.version.split(', ') ?? []), source.version])].join(', '),
      kinds,
      definitions: reachable(Object.values(kinds), { ...sofar?.definitions, ...definitions }),
    });
  }
  return groups;
}

function simplified(raw: Json): Schema {
  return simplify(raw, {
    nameOf: ref => ref.replace('#/definitions/', ''),
    skipped: pattern => {
      throw new Error(`a pattern in TypeScript types: ${pattern}; teach tools/import/packages.ts what it means`);
    },
  });
}

function locate(source: Source): Located {
  const found = ts.resolveModuleName(source.module, HERE, COMPILER, ts.sys).resolvedModule;
  if (!found)
    throw new Error(
      `${source.module} is not installed; \`npm i -D --save-exact\` its package, or correct tools/import/sources.ts`,
    );
  const { packageId } = found;
  return {
    ...source,
    file: found.resolvedFileName,
    version: packageId ? `${packageId.name} ${packageId.version}` : 'handwritten',
  };
}

/**
 * The library names a definition by its interface alone and refuses two of one name, as cert-manager's and the core's
 * `LocalObjectReference`. It takes names from the checker, so the checker is asked to put module and interface into them.
 */
function generatorOf(program: ts.Program, sources: readonly Located[]): SchemaGenerator {
  const checker = program.getTypeChecker();
  checker.getFullyQualifiedName = symbol => {
    const file = symbol.declarations?.[0]?.getSourceFile().fileName;
    return file === undefined ? symbol.name : definitionName(file, symbol.name, sources);
  };
  const config = { ...DEFAULT_CONFIG, jsDoc: 'none' as const, encodeRefs: false };
  return new SchemaGenerator(program, createParser(program, config), createFormatter(config), config);
}

/** `@kubernetes-models/argo-cd/argoproj.io/v1alpha1/ApplicationSpec` → `argoproj.io.v1alpha1.ApplicationSpec`. */
function definitionName(file: string, type: string, sources: readonly Located[]): string {
  const [, name, folder] = /\/node_modules\/((?:@[^/]+\/)?[^/]+)\/(.*)\/[^/]+\.d\.ts$/.exec(file) ?? [];
  if (name !== undefined && folder !== undefined) {
    return `${PREFIXES[name] ?? ''}${folder.replaceAll('/', '.')}.${type.replace(/^I(?=[A-Z])/, '')}`;
  }
  const apiVersion = sources.find(source => source.file === file)?.apiVersion;
  return apiVersion === undefined ? type : `${apiVersion.replace('/', '.')}.${type}`;
}

function declarationOf(program: ts.Program, file: string, type: string): ts.Node {
  const found = program
    .getSourceFile(file)
    ?.statements.find(each => ts.isInterfaceDeclaration(each) && each.name.text === type);
  if (!found) throw new Error(`${file} has no interface ${type}; correct tools/import/sources.ts`);
  return found;
}
