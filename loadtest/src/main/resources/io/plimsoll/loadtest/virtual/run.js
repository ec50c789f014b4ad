'use strict';
// What a run looked like over time: for all pages that show one.
const Run = (function () {
  const {add, number, duration, percent, section, plot, draw, choose, isAny, isNothing} = Page;

  const binText = (bins, i) => isNothing(bins[i].toSeconds) ? 'more' : bins[i].toSeconds === 0 ? 'none' : '≤ ' +
    duration(bins[i].toSeconds);

  function axis(series) {
    return Page.spanAxis(series.origin, series.bucketSeconds, series.waiting.length);
  }

  function waits(series, axis, what) {
    const part = section('Waits', 'How long sessions waited for their first start, by when they came: half of those of ' +
      'each ' + duration(series.bucketSeconds) + ' waited no longer than the line p50 says, 95 of 100 no longer than p95.' + what);
    const names = [['p50', 'p50Seconds'], ['p95', 'p95Seconds'], ['p99', 'p99Seconds'], ['longest', 'maxSeconds']];
    plot(part, 'waits', 'Waits over time', () => Page.overTime(
      names.map(pair => ({name: pair[0], values: series.waits[pair[1]]})), axis, 'seconds'));
    const bins = series.waitHistogram;
    const all = bins.reduce((sum, bin) => sum + bin.sessions, 0);
    if (all > 0) {
      add(part, 'p', 'How many of all ' + number(all) + ' sessions waited how long, and (line) the part that waited no longer.',
        'dim');
      let sum = 0;
      const part100 = bins.map(bin => {
        sum += bin.sessions;
        return 100 * sum / all;
      });
      plot(part, 'wait-histogram', 'Distribution of waits', () => ({
        grid: Page.grid(32),
        legend: {top: 2},
        tooltip: {trigger: 'axis', renderMode: 'richText', confine: true, formatter: items => items[0].name + '\n' +
          number(bins[items[0].dataIndex].sessions) + ' sessions\n' + percent(part100[items[0].dataIndex]) + ' by then'},
        xAxis: {type: 'category', data: bins.map((bin, i) => binText(bins, i)), axisLabel: {hideOverlap: true}},
        yAxis: [{type: 'value', min: 0, splitNumber: 4, axisLabel: {formatter: number}},
          {type: 'value', min: 0, max: 100, interval: 25,
            splitLine: {show: false}, axisLabel: {formatter: '{value} %'}}],
        series: [{name: 'sessions', type: 'bar', data: bins.map(bin => bin.sessions), barCategoryGap: '10%'},
          {name: 'waited no longer', type: 'line', yAxisIndex: 1, data: part100, symbolSize: 4}]
      }));
    }
  }

  function utilisation(series, axis) {
    if (series.slots.length === 0) {
      return;
    }
    const part = section('Utilisation and fragmentation', 'What is in use of what there is.');
    plot(part, 'utilisation', 'Utilisation over time', () => Page.overTime(
      series.slots.map(slot => ({name: slot.slot, values: slot.usedPercent})), axis, 'percent'));
    const slots = series.slots.filter(slot => isAny(slot.fragmentationPercent));
    if (slots.length > 0) {
      add(part, 'p', 'Fragmentation: of what is free, the part that is of no use to those who usually ask, because it lies ' +
        'where they do not fit.', 'dim');
      plot(part, 'fragmentation', 'Fragmentation over time', () => Page.overTime(
        slots.map(slot => ({name: slot.slot, values: slot.fragmentationPercent})), axis, 'percent'));
    }
  }

  function queue(series, axis) {
    const part = section('Sessions', 'How many run, and how many wait.');
    plot(part, 'sessions', 'Sessions that run and wait over time', () => Page.overTime(
      [{name: 'run', values: series.running}, {name: 'wait', values: series.waiting}], axis, 'units'));
    const causes = Object.keys(series.waitingByCause).filter(cause => isAny(series.waitingByCause[cause]));
    if (causes.length > 0) {
      add(part, 'p', 'What those wait for that wait, as the scheduler says of a sample of them: resources that are not ' +
        'free, their turn behind others, a quota, sessions that must end first.', 'dim');
      plot(part, 'queue', 'Sessions that wait, by cause', () => Page.overTime(
        causes.map(cause => ({name: cause, values: series.waitingByCause[cause], stack: 'causes'})), axis, 'units'));
    }
  }

  function machines(series, axis) {
    const slots = series.slots.filter(slot => slot.machinesPercent.some(row => row !== null));
    if (slots.length === 0) {
      return;
    }
    const part = section('Machines', 'How much of each machine, or of some side by side, is in use over time.');
    let chosen = slots.length - 1;
    const isGpu = slots.findIndex(slot => slot.slot === 'gpu');
    chosen = isGpu >= 0 ? isGpu : 0;
    const order = [chosen].concat(slots.map((slot, i) => i).filter(i => i !== chosen));
    const controls = add(part, 'div', null, 'controls');
    // A phone has no room for more columns than this, and a laptop little use for them.
    const entry = plot(part, 'machines', 'Use of machines over time', () => {
      const merge = Math.ceil(series.waiting.length / (Page.isNarrow() ? 60 : 160));
      const rows = slots[chosen].machinesPercent.map((parts, i) => ({parts: parts, name: series.machineRows[i]}))
        .filter(row => row.parts !== null);
      const cells = [];
      rows.forEach((row, y) => {
        for (let x = 0; x * merge < row.parts.length; x++) {
          const some = row.parts.slice(x * merge, (x + 1) * merge);
          cells.push([x, y, some.reduce((sum, value) => sum + value, 0) / some.length]);
        }
      });
      const coarse = Page.bucketAxis(axis.isTime, axis.from, axis.width * merge,
        axis.from + Math.ceil(series.waiting.length / merge) * axis.width * merge);
      return Page.heat(rows.map(row => row.name), coarse, cells);
    });
    entry.box.style.height = Page.heatHeight(series.machineRows.length) + 'px';
    if (slots.length > 1) {
      choose(controls, 'of', order.map(i => slots[i].slot), value => { chosen = order[value]; draw(entry); });
    }
    const up = series.machines;
    if (up.some(value => Math.abs(value - up[0]) > 1e-6)) {
      plot(part, 'up', 'Machines that are up', () => Page.overTime([{name: 'machines', values: up}], axis, 'units'));
    }
  }

  // All of it; what is said of waits beside what is always said.
  function show(series, what) {
    const time = axis(series);
    waits(series, time, what || '');
    utilisation(series, time);
    queue(series, time);
    machines(series, time);
  }

  return {show: show};
})();
