import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ApiObject, App, YamlOutputType } from 'cdk8s';
import { Construct } from 'constructs';
import { dock } from '../dock.ts';
import { Comparison, publish } from '../tools/publish/index.ts';
import { asText } from '../tools/render/finding.ts';
import { scaled } from './scaled.ts';

/** One measured process: `run.ts <drydock|cdk8s|nothing> <times> <folder>`; `nothing` only starts. Prints what it made and the memory it took, as JSON. */
const [who, times, out] = process.argv.slice(2) as [string, string, string];
const IMPORTS = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', 'imports');
const started = performance.now();

const objects = who === 'nothing' ? 0 : who === 'cdk8s' ? plainCdk8s(Number(times), out) : drydock(Number(times), out);
const seconds = (performance.now() - started) / 1000;
process.stdout.write(JSON.stringify({ objects, seconds, peakKilobytes: process.resourceUsage().maxRSS }));

/** What `npm run synth` does, on more clusters. */
function drydock(copies: number, folder: string): number {
  const comparison = new Comparison(folder);
  const { objects, findings } = dock(scaled(copies), {
    imports: IMPORTS,
    take: (file, text) => comparison.compare(file, text),
  });
  if (findings.length > 0) throw new Error(findings.slice(0, 5).map(asText).join('\n'));
  publish(comparison.plan());
  return objects;
}

/** The peer: the same charts in one App, in the layout that is its fastest, without proof or Argo CD's objects. */
function plainCdk8s(copies: number, folder: string): number {
  const app = new App({ outdir: folder, yamlOutputType: YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE });
  for (const { cluster, units } of scaled(copies)) {
    const scope = new Construct(app, cluster.name);
    for (const { build } of units) build(scope);
  }
  app.synth();
  return app.node.findAll().filter(ApiObject.isApiObject).length;
}
