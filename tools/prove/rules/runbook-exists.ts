import { alertsOf, PROMETHEUS_RULE } from '../promql/asked.ts';
import type { ObjectRule, Problem } from '../rule.ts';

const URL = /\/runbooks\/([\w./-]+\.md)#([\w-]+)$/;

export const runbookExists: ObjectRule = {
  name: 'runbook-exists',
  demands: 'The page that an alert leads to is there, with a heading of the alert’s own name and what to do below it.',
  kinds: [PROMETHEUS_RULE],
  check(manifest, { runbooks }): Problem[] {
    if (runbooks === undefined) return [];
    return alertsOf(manifest).flatMap(({ alert, annotations }) => {
      const url = annotations?.runbook_url;
      if (!url) return []; // the law alert-labels says so
      const [, page, anchor] = URL.exec(url) ?? [];
      if (page === undefined)
        return [
          { given: `the alert ${alert} leads to ${url}`, remedy: 'lead to a heading: …/runbooks/<page>.md#<heading>' },
        ];
      const headings = runbooks.get(page);
      if (headings === undefined)
        return [
          {
            given: `the alert ${alert} leads to runbooks/${page}, which is not there`,
            remedy: `write it, with the heading ## ${alert}`,
          },
        ];
      if (anchor !== alert.toLowerCase())
        return [
          {
            given: `the alert ${alert} leads to #${anchor}, a heading that is not its own`,
            remedy: `lead to #${alert.toLowerCase()}, below which runbooks/${page} says what to do`,
          },
        ];
      const told = headings.get(anchor);
      if (told === undefined)
        return [
          {
            given: `the alert ${alert} leads to #${anchor}, and runbooks/${page} has no such heading`,
            remedy: `add ## ${alert} there, and what to do below it`,
          },
        ];
      return told
        ? []
        : [
            {
              given: `the alert ${alert} leads to #${anchor} of runbooks/${page}, below which nothing stands`,
              remedy: `write there what to do`,
            },
          ];
    });
  },
};
