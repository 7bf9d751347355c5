import { type Document, isMap, isScalar, parse, parseDocument, type Scalar } from 'yaml';

/** One `images.yaml`, and what the messages call it. */
export interface ImagesFile {
  readonly file: string;
  readonly text: string;
}

export interface Asked {
  /** The repository, or its end from a slash on. */
  readonly image: string;
  readonly tier: string;
  /** A tag, or tag@sha256:digest. */
  readonly pin: string;
}

/** What the house says of tiers, names and pins. */
export interface House {
  readonly tiers: readonly string[];
  /** Of some repositories those that a name means. */
  named(name: string, repositories: readonly string[]): string[];
  /** What is wrong with a pin in a tier, if anything. */
  fault(pin: string, tier: string): { readonly given: string; readonly remedy: string } | undefined;
}

export interface Pinned {
  readonly file: string;
  readonly repository: string;
  /** The pin that stood there. */
  readonly before: string;
  /** The file with the new pin; every other byte is as it was. */
  readonly text: string;
}

/**
 * One pin of one image replaced in the file that holds it. Nothing is written.
 *
 * @throws where the tier, the image or the pin is wrong, or a pin cannot be replaced without touching another
 */
export function pin(files: readonly ImagesFile[], asked: Asked, house: House): Pinned {
  const { image, tier, pin } = asked;
  if (!house.tiers.includes(tier)) throw new Error(`there is no tier ${tier}; the tiers are ${house.tiers.join(', ')}`);
  const fault = house.fault(pin, tier);
  if (fault !== undefined) throw new Error(`${image}: ${fault.given}; ${fault.remedy}`);

  const { file, repository } = only(files, image, house);
  const { text } = files.find(each => each.file === file)!;
  const document = parsed({ file, text });
  const scalar = document.getIn([repository, tier], true);
  if (!isScalar(scalar) || String(scalar.value) === '')
    throw new Error(`${file}: ${repository} has no pin for ${tier} of its own; write that line by hand`);
  const edited = withValue(text, scalar, pin);
  if (!isOnlyChange(document.toJS() as Pins, edited, repository, asked))
    throw new Error(`${file}: the pin of ${repository} in ${tier} is tied to others; edit it by hand`);
  return { file, repository, before: String(scalar.value), text: edited };
}

/** The one image that a name means. */
function only(files: readonly ImagesFile[], image: string, house: House): { file: string; repository: string } {
  const all = files.flatMap(each => repositoriesIn(each).map(repository => ({ file: each.file, repository })));
  const names = new Set(
    house.named(
      image,
      all.map(({ repository }) => repository),
    ),
  );
  const found = all.filter(({ repository }) => names.has(repository));
  const [one] = found;
  if (one === undefined)
    throw new Error(
      `there is no image ${image}; name one of these, or write a new one by hand into the images.yaml of its system${list(all)}`,
    );
  if (found.length > 1)
    throw new Error(
      `${image} may be several; ${names.size > 1 ? 'name more of the repository' : 'edit the one you mean by hand'}${list(found)}`,
    );
  return one;
}

function list(images: readonly { file: string; repository: string }[]): string {
  return images.map(({ file, repository }) => `\n  ${repository}  (${file})`).join('');
}

function repositoriesIn(file: ImagesFile): string[] {
  const { contents } = parsed(file);
  return isMap(contents) ? contents.items.map(({ key }) => String(key)) : [];
}

/** As text alone, as the render reads it: 1.10 is a tag, and no number. */
const AS_TEXT = { schema: 'failsafe' } as const;

function parsed({ file, text }: ImagesFile): Document {
  try {
    const document = parseDocument(text, AS_TEXT);
    for (const error of document.errors) throw error;
    document.toJS(); // throws where an alias leads nowhere
    return document;
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message.split('\n')[0]}; mend its YAML`);
  }
}

/** A pin needs no quotes, since nothing in its grammar means anything to YAML; those that stand there stay. */
function withValue(text: string, { range, type }: Scalar, pin: string): string {
  const [start, end] = range!;
  const quote = type === 'QUOTE_SINGLE' ? "'" : type === 'QUOTE_DOUBLE' ? '"' : '';
  return text.slice(0, start) + quote + pin + quote + text.slice(end);
}

/** Whether a reader sees the new pin and no other change: an anchor would carry it on, a block would swallow the next line. */
function isOnlyChange(before: Pins, after: string, repository: string, { tier, pin }: Asked): boolean {
  const expected = { ...before, [repository]: { ...before[repository], [tier]: pin } };
  try {
    return JSON.stringify(parse(after, AS_TEXT)) === JSON.stringify(expected);
  } catch {
    return false;
  }
}

type Pins = Readonly<Record<string, Readonly<Record<string, string>>>>;
