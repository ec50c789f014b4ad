'use strict';
(function () {
  const summary = JSON.parse(document.getElementById('report').textContent);
  const page = document.getElementById('page');
  const dark = window.matchMedia('(prefers-color-scheme: dark)');
  const startMs = summary.origin === null ? null : Date.parse(summary.origin);
  const plots = [];

  // Text is only ever set as text: names are whatever users chose.
  function add(parent, tag, text, className) {
    const element = document.createElement(tag);
    if (text !== undefined && text !== null) {
      element.textContent = text;
    }
    if (className) {
      element.className = className;
    }
    parent.appendChild(element);
    return element;
  }

  function number(value) {
    if (value === null || value === undefined) {
      return '–';
    }
    return value.toLocaleString('en', {maximumFractionDigits: Math.abs(value) < 10 ? 3 : Math.abs(value) < 1000 ? 1 : 0});
  }

  function duration(seconds) {
    if (seconds === null || seconds === undefined) {
      return '–';
    }
    if (seconds < 60) {
      return number(seconds) + ' s';
    }
    const whole = Math.round(seconds);
    const two = n => String(n).padStart(2, '0');
    if (seconds < 3600) {
      return Math.floor(whole / 60) + 'm' + two(whole % 60) + 's';
    }
    if (seconds < 86400) {
      return Math.floor(whole / 3600) + 'h' + two(Math.floor(whole % 3600 / 60)) + 'm';
    }
    return Math.floor(whole / 86400) + 'd' + two(Math.floor(whole % 86400 / 3600)) + 'h';
  }

  function bytes(value) {
    const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];
    let unit = 0;
    let rest = value;
    while (rest >= 1024 && unit < units.length - 1) {
      rest /= 1024;
      unit++;
    }
    return number(rest) + ' ' + units[unit];
  }

  function amount(value, unit) {
    return value === null || value === undefined ? '–' :
      unit === 'seconds' ? duration(value) : unit === 'bytes' ? bytes(value) : number(value);
  }

  function section(title, about) {
    const part = add(page, 'section');
    add(part, 'h2', title);
    if (about) {
      add(part, 'p', about, 'dim');
    }
    return part;
  }

  function table(part, columns, rows) {
    const grid = add(add(part, 'div', null, 'wide'), 'table');
    const head = add(add(grid, 'thead'), 'tr');
    columns.forEach(column => add(head, 'th', column.title, column.kind === 'number' ? 'number' : ''));
    const body = add(grid, 'tbody');
    rows.forEach(row => {
      const line = add(body, 'tr');
      columns.forEach(column => add(line, 'td', column.of(row), column.kind || ''));
    });
  }

  function plot(part, id, label, option) {
    const box = add(part, 'div', null, 'plot');
    box.id = id;
    box.setAttribute('role', 'img');
    box.setAttribute('aria-label', label);
    plots.push({box: box, option: option, chart: null});
  }

  function draw(entry) {
    if (entry.chart) {
      entry.chart.dispose();
    }
    entry.chart = echarts.init(entry.box, dark.matches ? 'dark' : null, {renderer: 'svg'});
    entry.chart.setOption(Object.assign(
      {backgroundColor: 'transparent', animation: false, useUTC: true, aria: {enabled: false}}, entry.option()));
  }

  const isNarrow = () => page.clientWidth < 600;
  const grid = top => ({left: 8, right: 16, top: top, bottom: 8, containLabel: true});
  const at = seconds => startMs === null ? seconds : startMs + seconds * 1000;

  function bars(labels, values, unit) {
    return {
      grid: grid(16),
      tooltip: {trigger: 'axis', renderMode: 'richText', confine: true, valueFormatter: value => number(value)},
      xAxis: {type: 'category', data: labels, axisLabel: {hideOverlap: true}},
      yAxis: {type: 'value', min: 0, axisLabel: {formatter: value => amount(value, unit)}, splitNumber: 4},
      series: [{type: 'bar', data: values, barCategoryGap: '10%'}]
    };
  }

  // A bucket's figure holds from its begin to its end, so lines are steps.
  function overTime(series, width, unit) {
    return {
      grid: grid(series.length > 1 ? 44 : 16),
      legend: {type: 'scroll', top: 4, show: series.length > 1},
      tooltip: {trigger: 'axis', renderMode: 'richText', confine: true, valueFormatter: value => amount(value, unit)},
      xAxis: {type: startMs === null ? 'value' : 'time', min: at(0), splitNumber: isNarrow() ? 3 : 8,
        axisLabel: startMs === null ? {formatter: value => duration(value), hideOverlap: true} : {hideOverlap: true},
        max: at(series[0].values.length * width)},
      yAxis: {type: 'value', min: 0, axisLabel: {formatter: value => amount(value, unit)}, splitNumber: 4},
      series: series.map(line => ({
        name: line.name, type: 'line', step: 'end', showSymbol: line.values.length < 2, lineStyle: {width: 1.6},
        areaStyle: series.length === 1 ? {opacity: 0.15} : undefined,
        data: [[at(0), line.values[0]]].concat(line.values.map((value, i) => [at((i + 1) * width), value]))
      }))
    };
  }

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
    const tiles = add(page, 'div', null, 'tiles');
    [[summary.jobs, 'jobs'], [summary.sessions, 'sessions'], [summary.jobsPerHour, 'jobs an hour'],
      [summary.arrivals.gapVariation, 'variation of gaps'], [summary.ends.gangs, 'of several kernels'],
      [summary.ends.arrays, 'arrays'], [summary.ends.failed, 'fail'], [summary.ends.forever, 'without end'],
      [summary.limits.jobs, 'have a limit']].forEach(pair => {
      const tile = add(tiles, 'div', null, 'tile');
      add(tile, 'b', number(pair[0]));
      add(tile, 'span', pair[1]);
    });
  }

  function arrivals() {
    const figures = summary.arrivals;
    const part = section('Arrivals', 'Jobs in each ' + duration(figures.bucketSeconds) + ', by hour of the day and by ' +
      'day of the week' + (startMs === null ? ', counted from the first arrival' : ', UTC') + '. Gaps vary by ' +
      number(figures.gapVariation) + ' of their mean; those of a Poisson process by 1.');
    plot(part, 'arrivals', 'Arrivals over time',
      () => overTime([{name: 'jobs', values: figures.overTime}], figures.bucketSeconds, 'units'));
    plot(part, 'hours', 'Arrivals by hour of the day', () => bars(figures.byHour.map((count, i) => String(i)),
      figures.byHour, 'units'));
    const names = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
    plot(part, 'weekdays', 'Arrivals by day of the week', () => bars(
      figures.byWeekday.map((count, i) => startMs === null ? 'day ' + (i + 1) : names[i]), figures.byWeekday, 'units'));
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
    table(part, [
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
    table(part, [
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
  add(page, 'footer', 'Made by plimsoll workload describe. Plots: Apache ECharts ' + echarts.version +
    ', Apache License 2.0. This page loads nothing.');
  plots.forEach(draw);
  let width = page.clientWidth;
  window.addEventListener('resize', () => {
    if (page.clientWidth !== width) {
      width = page.clientWidth;
      plots.forEach(draw);
    }
  });
  dark.addEventListener('change', () => plots.forEach(draw));
  document.body.dataset.ready = String(plots.length);
})();
