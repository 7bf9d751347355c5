import {
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  VizLegendOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  DatasourceVariableBuilder,
  RowBuilder,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as NumberBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as GraphBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import type { Panel, Row } from './panel.ts';

/** What a dashboard is called, and how it is found. */
export interface Title {
  readonly title: string;
  /** Stands in its address. */
  readonly uid: string;
  readonly system: string;
}

// Which Prometheus is asked is chosen on the dashboard itself.
const DATASOURCE = { type: 'prometheus', uid: '$datasource' };

/**
 * A dashboard as Grafana reads it (classic schema: Grafana 10 and later). A panel is one line of text, so that a reviewer
 * sees in a difference which one changed.
 */
export function grafana({ title, uid, system }: Title, rows: readonly Row[]): string {
  const builder = new DashboardBuilder(title)
    .uid(uid)
    .tags(['drydock', system])
    .timezone('utc')
    .refresh('1m')
    .time({ from: 'now-6h', to: 'now' })
    .tooltip(DashboardCursorSync.Crosshair)
    .link(new DashboardLinkBuilder(system).type(DashboardLinkType.Dashboards).tags([system]).asDropdown(true))
    .withVariable(new DatasourceVariableBuilder('datasource').label('Prometheus').type('prometheus'));
  let id = 0;
  for (const row of rows) {
    builder.withRow(new RowBuilder(row.title).id(++id));
    for (const panel of row.panels) builder.withPanel(panelOf(panel, ++id));
  }
  return text(builder.build());
}

function panelOf({ shows = 'graph', title, description = '', unit, queries, limit }: Panel, id: number) {
  const targets = queries.map(({ expr, legend }, index) => {
    const query = new DataqueryBuilder().expr(expr).refId(String.fromCharCode(65 + index));
    if (legend !== undefined) query.legendFormat(legend);
    return shows === 'number' ? query.instant() : query;
  });
  const panel =
    shows === 'number'
      ? new NumberBuilder().span(4).height(4)
      : new GraphBuilder()
          .span(8)
          .height(8)
          .legend(
            new VizLegendOptionsBuilder()
              .showLegend(true)
              .displayMode(LegendDisplayMode.List)
              .placement(LegendPlacement.Bottom),
          )
          .thresholdsStyle(
            new GraphThresholdsStyleConfigBuilder().mode(
              limit === undefined ? GraphThresholdsStyleMode.Off : GraphThresholdsStyleMode.Dashed,
            ),
          );
  panel.id(id).title(title).description(description).unit(unit).datasource(DATASOURCE).targets(targets);
  panel.thresholds(
    new ThresholdsConfigBuilder()
      .mode(ThresholdsMode.Absolute)
      .steps([{ value: null, color: 'green' }, ...(limit === undefined ? [] : [{ value: limit, color: 'red' }])]),
  );
  return panel;
}

function text(dashboard: Dashboard): string {
  const { panels = [], ...rest } = dashboard;
  const head = JSON.stringify(rest, null, 2).slice(0, -2);
  return `${head},\n  "panels": [\n${panels.map(panel => `    ${JSON.stringify(panel)}`).join(',\n')}\n  ]\n}\n`;
}
