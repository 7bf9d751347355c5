/** Strings that some reader of YAML 1.1, YAML 1.2 or Go's mix of both takes for something else, refuses, or cuts short. */
export const nasty: readonly string[] = [
  // booleans and nulls, in the cases one reader or another takes
  ...words('y Y yes Yes YES yEs n N no No NO on On ON oN off Off OFF true True TRUE tRUE false False FALSE'),
  ...words('null Null NULL nULL ~ = << y: no: null: ~x n/a nope yesterday truely off-by-one onward'),
  '',
  // numbers: decimal, octal of three kinds, hexadecimal, binary, with underscores, sexagesimal, floats
  ...words('0 1 -1 +1 00 017 018 08 0o17 0O17 0o8 -0o17 0x1F 0X1f 0xg +0x1F 0b101 0B101 0b2 1_000 1__0 _1 _ -_1 0_x1F'),
  ...words('190:20:30 1:30 12:30:45 01:02 1:60 1:99 22:22 22:22:22.5 -1:30 +12:30 8080:80 1:2:3:4 685_230:15'),
  ...words(
    '.5 5. . .. ... -.5 +.5 1.5 1e3 1E3 1e+3 1e-3 1.e3 .e3 1.0e+21 1e 1e1_0 e3 -1e3 0.1.2 1.2.3 10.0.0.1 10.0.0.0/8',
  ),
  ...words('.inf .Inf .INF -.inf +.inf .iNF .nan .NaN .NAN +.nan inf NaN Infinity -Infinity'),
  ...words('9007199254740993 18446744073709551616 -9223372036854775809 100m 2Gi 30s 1e3m 0x 0o 0b 1,000'),
  // timestamps
  ...words('2001-01-01 2001-1-1 2001-12-14T21:59:43.10-05:00 2001-12-14t21:59:43Z 2001-01-01-rc1 20010101 2001-01'),
  '2001-12-14 21:59:43.10 -5',
  // indicators at the start
  ...words(
    '- -- --- ---- --flag=x -c -1x ? ?x : :x , ,x [ [x] ] { {x} } # #x & &x * *x ! !x !!str | |x > >x % %x @ @x ` `x`',
  ),
  ...words('\' " \'x\' "x" $(VAR)'),
  ...cut('- x¦? x¦: x¦--- x¦... x¦-\tx¦?\tx¦- - x¦-----BEGIN CERTIFICATE-----¦{{ x }}'),
  // inside and at the end
  ...cut(
    'a: b¦a:b¦a:¦a: ¦a :b¦a #b¦a# b¦a#b¦a\t#b¦a:\tb¦a\tb¦a, b¦a [b] {c}¦a - b¦a ? b¦a!b¦a&b¦x | y > z¦*/5 * * * *¦0 3 * * *',
  ),
  ...cut('it\'s¦say "x"¦\\¦\\n¦a\\b¦http://x:80/y#z¦sum by (x) (y{z="1"}) > 0'),
  // outer and odd spaces
  ...cut(' ¦  ¦ a¦a ¦\t¦\ta¦a\t¦a  b¦\u00a0¦\u00a0a¦a\u00a0b¦a\u2003b¦a\u3000b¦\u200b¦a\u200d b'),
  // controls, and what looks like nothing
  ...cut('\0¦a\0b¦\x07¦\b¦\f¦\v¦\x1b[31m¦\x7f¦\x80¦\u0085¦a\u0085b¦\x9f¦a\u2028b¦\u2029¦a\r¦a\r\nb¦\r'),
  ...cut('\ufeff¦\ufeffa¦a\ufeffb¦\ufffd¦\ufffe¦\uffff¦\ue000¦\u202e¦a\u2066b\u2069¦\u00ad¦\ufe01¦\u{e0041}'),
  // beyond ASCII
  ...cut('äöü¦Grüße: ja¦日本語¦\u{1f600}¦⚠\ufe0f¦\u{1f468}\u200d\u{1f469}¦\u{1fffe}¦\u{10ffff}¦é¦e\u0301¦\u0301'),
  // several lines
  ...cut(
    '\n¦\n\n¦\na¦\n\na¦a\n¦a\n\n¦a\n\n\n¦a\nb¦a\nb\n¦a\n\nb¦a\n\n\nb\n\n¦ a\nb¦ a\n b\n¦\n a¦  a\nb¦a\n b¦a\n  b\nc',
  ),
  ...cut('a \nb¦a \nb \n¦a\n ¦a\n \n¦a\n\n ¦a\n \n\n¦ \n¦ \na¦\n \na¦  \n a¦a\n \nb¦2\n  3'),
  ...cut('\t\na¦\ta\nb¦a\tb\nc¦a\n\tb¦a\n\t¦a\n\t\n¦\n\t¦\n\ta\n'),
  ...cut(
    '---\na¦a\n---\nb\n¦...\n¦%YAML 1.1\n---\n¦# a\nb¦a\n# b\n¦a: b\nc: d\n¦- a\n- b\n¦|\na¦>\n¦"\n"¦\'\n¦\\\n¦~\n¦null\n¦1\n',
  ),
  ...cut('a\u2028b\nc¦a\u0085\nb¦\ufeffa\nb¦a\r\nb\r\n¦ä\nö\n¦#!/bin/sh\nset -eu\n\nexec "$@"\n¦{\n  "a": 1\n}\n'),
  // long ones: no reader may fold them, no writer either
  'x'.repeat(3000),
  `${'long words '.repeat(300)}end`,
  `${'y'.repeat(2000)}\nz`,
];

function words(line: string): string[] {
  return line.split(' ');
}

function cut(line: string): string[] {
  return line.split('¦');
}

/** Numbers below 1, the same in each run (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const PIECES = [
  ...' \n\n\t:#-?,[]{}&*!|>\'"%@`~=<._+0123456789eExXoObB/\\$()abnyNYTF',
  ...cut(': ¦ #¦\n\n¦\n ¦null¦é¦\u{1f600}¦\u2028¦\ufeff¦\r¦\0'),
];

/** Short strings of the pieces that YAML gives a meaning to. */
export function randomString(random: () => number): string {
  let text = '';
  for (let left = Math.floor(random() * 9); left > 0; left--) text += PIECES[Math.floor(random() * PIECES.length)];
  return text;
}
