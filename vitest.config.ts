import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/real/**'],
          // Some run the whole program, several times.
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        // Against real programs: slow, and only where they are installed. `npm run test:real` runs two files at a time: most of what they
        // do is wait, and a third would make what is timed late.
        test: {
          name: 'real',
          include: ['test/real/**/*.test.ts'],
          testTimeout: 600_000,
          hookTimeout: 600_000,
          // What is timed may be late once on a busy machine; what is wrong is wrong twice.
          retry: 1,
        },
      },
    ],
  },
});
