'use strict';
(function () {
  const summary = Page.data;
  const {add, number, duration, amount, section, table, plot, bars, page} = Page;
  const hasStart = summary.origin !== null;
  const overTime = (series, width, unit) =>
    Page.overTime(series, Page.spanAxis(summary.origin, width, series[0].values.length), unit);

  function histogram(figures, unit) {
    return bars(figures.histogram.map(bin => amount(bin.to, unit)), figures.histogram.map(bin => bin.count), 'units');
  }

  function head() {
    add(page, 'h1', 'Workload ' + summary.name);
    add(page, 'p', number(summary.jobs) + ' jobs' + (summary.origin === null ? '' : ' from ' + summary.origin) +
      ' over ' + duration(summary.spanSeconds) + '. Times are UTC.');
    summary.notes.forEach(note => add(page, 'p', 'Note: ' + note + '.', 'note'));
    summary.skipped.forEach(some => add(page, 'p', 'Skipped: ' + number(some.count) + ', ' + some.why +
      ', the first in ' + some.first + '.', 'note'));
    Page.tiles([[summary.jobs, 'jobs'], [summary.sessions, 'sessions'], [summary.jobsPerHour, 'jobs an hour'],
      [summary.arrivals.gapVariation, 'variation of gaps'], [summary.ends.gangs, 'of several kernels'],
      [summary.ends.arrays, 'arrays'], [summary.ends.failed, 'fail'], [summary.ends.forever, 'without end'],
      [summary.limits.jobs, 'have a limit']].map(pair => [number(pair[0]), pair[1]]));
  }

  function arrivals() {
    const figures = summary.arrivals;
    const since = !hasStart ? ', counted from the first arrival.' : ', UTC.';
    const part = section('Arrivals', 'Gaps between them vary by ' + number(figures.gapVariation) +
      ' of their mean; those of a Poisson process by 1.');
    add(part, 'p', 'Jobs in each ' + duration(figures.bucketSeconds) + '.', 'dim');
    plot(part, 'arrivals', 'Arrivals over time',
      () => overTime([{name: 'jobs', values: figures.overTime}], figures.bucketSeconds, 'units'));
    add(part, 'p', 'Jobs by hour of the day' + since, 'dim');
    plot(part, 'hours', 'Arrivals by hour of the day', () => bars(figures.byHour.map((count, i) => String(i)),
      figures.byHour, 'units'));
    const names = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
    add(part, 'p', 'Jobs by day of the week' + since, 'dim');
    plot(part, 'weekdays', 'Arrivals by day of the week', () => bars(
      figures.byWeekday.map((count, i) => !hasStart ? 'day ' + (i + 1) : names[i]), figures.byWeekday, 'units'));
  }

  function figures() {
    const rows = [];
    const row = (name, values, unit) => {
      if (values !== null) {
        rows.push({name: name, values: values, unit: unit});
      }
    };
    row('duration', summary.durations, 'seconds');
    summary.sizes.forEach(size => row(size.slot, size.figures, size.unit));
    row('kernels', summary.kernels, 'units');
    row('limit', summary.limits.seconds, 'seconds');
    row('run time / limit', summary.limits.accuracy, 'units');
    const part = section('Sizes and durations', 'Over all sessions that ask for any; each bar is of the values above ' +
      'that of the bar before.');
    table(part, null, [
      {title: '', of: r => r.name}, {title: 'sessions', kind: 'number', of: r => number(r.values.count)}].concat(
      ['mean', 'min', 'p25', 'p50', 'p75', 'p90', 'p99', 'max'].map(
        field => ({title: field, kind: 'number', of: r => amount(r.values[field], r.unit)}))), rows);
    rows.filter(r => r.values.histogram.length > 1).forEach((r, i) => {
      add(part, 'p', r.name, 'dim');
      plot(part, 'figures-' + i, 'Distribution of ' + r.name, () => histogram(r.values, r.unit));
    });
  }

  function demand() {
    if (summary.demand.series.length === 0) {
      return;
    }
    const part = section('At once', 'What would be in use if every session ran when it arrives: the mean of each ' +
      duration(summary.demand.bucketSeconds) + '.');
    summary.demand.series.forEach(series => {
      add(part, 'p', series.slot + ': mean ' + amount(series.mean, series.unit) + ', peak ' +
        amount(series.peak, series.unit), 'dim');
      plot(part, 'demand-' + series.slot.replace(/[^A-Za-z0-9]/g, '-'), series.slot + ' in use at once',
        () => overTime([{name: series.slot, values: series.values}], summary.demand.bucketSeconds, series.unit));
    });
  }

  function shares(title, name, rows) {
    if (rows.length === 0) {
      return;
    }
    const part = section(title);
    table(part, null, [
      {title: name, kind: 'name', of: s => s.name}, {title: 'jobs', kind: 'number', of: s => number(s.jobs)},
      {title: 'of all', kind: 'number', of: s => (100 * s.jobs / summary.jobs).toFixed(1) + ' %'},
      {title: 'cpu hours', kind: 'number', of: s => number(s.cpuHours)},
      {title: 'gpu hours', kind: 'number', of: s => number(s.gpuHours)},
      {title: 'p50 duration', kind: 'number', of: s => duration(s.p50Seconds)}], rows);
  }

  head();
  if (summary.jobs > 0) {
    arrivals();
    figures();
    demand();
    Object.keys(summary.tenants).forEach(kind => shares(
      kind.charAt(0).toUpperCase() + kind.slice(1), kind.replace(/s$/, ''), summary.tenants[kind]));
    shares('Asked for', 'what', summary.shapes);
  }
  Page.finish('plimsoll workload describe');
})();
