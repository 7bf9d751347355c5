import fs from 'node:fs';
import type { OutputFile } from '../../../tools/publish/index.ts';
import type { Files } from '../../../tools/publish/write.ts';

/** Two thousand files; from one version to the other a fifth goes, a fifth comes, each with folders of its own, and half of the rest changes. */
export function fleet(version: string): OutputFile[] {
  const files: OutputFile[] = [];
  for (let i = 0; i < 2000; i++) {
    const about = i % 5 === 0 ? version : i % 2 === 0 ? `changing ${version}` : 'steady';
    const system = i % 5 === 0 ? `only-in-${version}-${i % 100}` : `system-${i % 100}`;
    const file = `dev/${system}/services/ns/Service.s${i}.yaml`;
    files.push({ file, text: `# drydock: ${file}\n${`about: ${about}\n`.repeat(40)}` });
  }
  return files;
}

/** Node's own functions, telling before each call how many there were. */
export function countingFiles(tell: (count: number) => void): Files {
  let count = 0;
  const counted =
    (method: keyof Files) =>
    (...args: unknown[]) => {
      tell(++count);
      return (fs[method] as (...args: unknown[]) => unknown)(...args);
    };
  const methods = [
    'accessSync',
    'mkdirSync',
    'readdirSync',
    'renameSync',
    'rmdirSync',
    'unlinkSync',
    'writeFileSync',
  ] as const;
  return Object.fromEntries(methods.map(method => [method, counted(method)])) as unknown as Files;
}
