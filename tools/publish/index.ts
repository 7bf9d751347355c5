/**
 * Publishing: rendered texts become files below `dist/`, and nothing else in there changes.
 *
 *     const release = await lock('dist', { onWait: console.error });
 *     try {
 *       const comparison = new Comparison('dist');
 *       for (const unit of fleet) for (const { file, text } of render(unit)) comparison.compare(file, text);
 *       publish(comparison.plan());
 *     } finally {
 *       release();
 *     }
 *
 * A file is ours if its first line begins with `# drydock: `. Ours and no longer rendered: deleted. Not ours: never touched, and an error
 * where we would have to write over it. A run that fails before the first file moves leaves `dist/` byte for byte as it was; a run that is
 * killed leaves whole files only, old or new, and the next run completes it.
 */
export { Comparison, type OutputFile, type Plan } from './comparison.ts';
export { lock } from './lock.ts';
export { HEADER } from './tree.ts';
export { publish } from './write.ts';
