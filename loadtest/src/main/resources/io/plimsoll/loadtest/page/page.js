'use strict';
// What all pages share. A script of a page draws with it and ends with Page.finish.
const Page = (function () {
  const data = JSON.parse(document.getElementById('report').textContent);
  const page = document.getElementById('page');
  const dark = window.matchMedia('(prefers-color-scheme: dark)');
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

  const isNothing = value => value === null || value === undefined;

  function number(value) {
    if (isNothing(value)) {
      return '–';
    }
    const size = Math.abs(value);
    return value.toLocaleString('en', size < 0.01 ? {maximumSignificantDigits: 2} :
      {maximumFractionDigits: size < 10 ? 3 : size < 1000 ? 1 : 0});
  }

  function duration(seconds) {
    if (isNothing(seconds)) {
      return '–';
    }
    const s = Math.abs(seconds);
    const sign = seconds < 0 ? '−' : '';
    const short = value => String(Number(value.toPrecision(3)));
    const two = n => String(n).padStart(2, '0');
    if (s < 60) {
      return sign + (s === 0 ? '0 s' : s < 0.001 ? short(s * 1e6) + ' µs' : s < 1 ? short(s * 1000) + ' ms' : short(s) + ' s');
    }
    const whole = Math.round(s);
    const pair = (big, bigName, small, smallName) =>
      sign + big + bigName + (small === 0 ? '' : two(small) + smallName);
    if (s < 3600) {
      return pair(Math.floor(whole / 60), 'm', whole % 60, 's');
    }
    if (s < 86400) {
      return pair(Math.floor(whole / 3600), 'h', Math.floor(whole % 3600 / 60), 'm');
    }
    return pair(Math.floor(whole / 86400), 'd', Math.floor(whole % 86400 / 3600), 'h');
  }

  function bytes(value) {
    const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];
    let unit = 0;
    let rest = value;
    while (Math.abs(rest) >= 1024 && unit < units.length - 1) {
      rest /= 1024;
      unit++;
    }
    return number(rest) + ' ' + units[unit];
  }

  function percent(value) {
    return isNothing(value) ? '–' : value.toFixed(1) + ' %';
  }

  function amount(value, unit) {
    return isNothing(value) ? '–' : unit === 'seconds' ? duration(value) : unit === 'bytes' ? bytes(value) :
      unit === 'percent' ? percent(value) : number(value);
  }

  function clock(iso) {
    return isNothing(iso) ? '–' :
      iso.replace('T', ' ').replace(/(\.\d{3})\d*Z$/, '$1').replace(/Z$/, '');
  }

  function section(title, about) {
    const part = add(page, 'section');
    add(part, 'h2', title);
    if (about) {
      add(part, 'p', about, 'dim');
    }
    return part;
  }

  // Each is [figure, what it is, class of the figure].
  function tiles(figures) {
    const grid = add(page, 'div', null, 'tiles');
    figures.forEach(figure => {
      const tile = add(grid, 'div', null, 'tile');
      add(tile, 'b', figure[0], figure[2] || '');
      add(tile, 'span', figure[1]);
    });
  }

  function table(part, caption, columns, rows) {
    const grid = add(add(part, 'div', null, 'wide'), 'table');
    if (caption) {
      add(grid, 'caption', caption);
    }
    const head = add(add(grid, 'thead'), 'tr');
    columns.forEach(column => add(head, 'th', column.title, column.kind === 'number' ? 'number' : ''));
    const body = add(grid, 'tbody');
    rows.forEach(row => {
      const line = add(body, 'tr');
      columns.forEach(column => add(line, 'td', column.of(row), (column.kind || '') +
        (column.mark && column.mark(row) ? ' ' + column.mark(row) : '')));
    });
  }

  function plot(part, id, label, option) {
    const box = add(part, 'div', null, 'plot');
    box.id = id;
    box.setAttribute('role', 'img');
    box.setAttribute('aria-label', label);
    const entry = {box: box, option: option, chart: null};
    plots.push(entry);
    return entry;
  }

  function draw(entry) {
    if (entry.chart) {
      entry.chart.dispose();
    }
    entry.chart = echarts.init(entry.box, dark.matches ? 'dark' : null, {renderer: 'svg'});
    entry.chart.setOption(Object.assign(
      {backgroundColor: 'transparent', animation: false, useUTC: true, aria: {enabled: false}}, entry.option()));
  }

  function choose(controls, label, options, onChange) {
    const box = add(controls, 'label', label + ' ');
    const select = add(box, 'select');
    options.forEach((option, i) => {
      const item = add(select, 'option', option);
      item.value = i;
    });
    select.addEventListener('change', () => onChange(Number(select.value)));
  }

  const isNarrow = () => page.clientWidth < 600;
  const isAny = values => values.some(value => !isNothing(value) && value !== 0);
  const grid = top => ({left: 8, right: 16, top: top, bottom: 8, containLabel: true});
  const tooltip = (trigger, unit) => ({
    trigger: trigger, renderMode: 'richText', confine: true, order: 'valueDesc',
    valueFormatter: value => amount(value, unit)
  });

  function shorten(text, length) {
    return text.length <= length ? text : text.slice(0, length - 1) + '…';
  }

  // Buckets of a width from a begin, in milliseconds of the world (isTime) or in seconds from a start.
  function bucketAxis(isTime, from, width, to) {
    return {isTime: isTime, from: from, width: width, to: to};
  }

  // From a time of the world, or from 0 where it is not known when that was; all in seconds.
  function spanAxis(originIso, width, buckets) {
    const isTime = !isNothing(originIso);
    const scale = isTime ? 1000 : 1;
    const from = isTime ? Date.parse(originIso) : 0;
    return bucketAxis(isTime, from, width * scale, from + buckets * width * scale);
  }

  function xAxis(axis) {
    return {
      type: axis.isTime ? 'time' : 'value', min: axis.from, max: axis.to, splitNumber: isNarrow() ? 3 : 8,
      axisLabel: Object.assign({hideOverlap: true, showMaxLabel: false},
        axis.isTime ? {} : {formatter: value => duration(value)})
    };
  }

  const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400];

  // Lines across a plot lie at values that read well; above 100 % there is nothing.
  function yAxis(unit, values) {
    const most = values.reduce((max, value) => isNothing(value) ? max : Math.max(max, value), 0);
    const axis = {type: 'value', min: 0, axisLabel: {formatter: value => amount(value, unit)}, splitNumber: 4};
    if (unit === 'percent' && most <= 100) {
      return Object.assign(axis, {max: 100, interval: 25, axisLabel: {formatter: '{value} %'}});
    }
    if (unit === 'bytes' && most > 0) {
      axis.interval = Math.pow(2, Math.ceil(Math.log2(most / 5)));
      axis.max = Math.ceil(most / axis.interval) * axis.interval;
      return axis;
    }
    if (unit === 'seconds' && most >= 4) {
      const day = 86400;
      axis.interval = STEPS.find(step => most / step <= 5) || Math.ceil(most / 5 / day) * day;
    }
    return axis;
  }

  // A bucket's figure holds from its begin to its end, so lines are steps. A line: {name, values, dashed, stack}.
  function overTime(lines, axis, unit, more) {
    const top = lines.length > 1 ? 44 : 16;
    return Object.assign({
      grid: grid(top),
      legend: {type: 'scroll', top: 4, show: lines.length > 1},
      tooltip: tooltip('axis', unit),
      xAxis: xAxis(axis),
      yAxis: yAxis(unit, [].concat(...lines.map(line => line.values))),
      series: lines.map(line => ({
        name: line.name, type: 'line', step: 'end', stack: line.stack, symbolSize: 5, connectNulls: false,
        showSymbol: line.values.filter(value => !isNothing(value)).length < 2,
        lineStyle: {width: line.stack ? 0 : 1.6, type: line.dashed ? 'dashed' : 'solid'},
        areaStyle: line.stack ? {opacity: 0.75} : lines.length === 1 ? {opacity: 0.15} : undefined,
        emphasis: {focus: 'series'},
        data: [[axis.from, line.values[0]]].concat(
          line.values.map((value, i) => [Math.min(axis.from + (i + 1) * axis.width, axis.to), value]))
      }))
    }, more || {});
  }

  function bars(labels, values, unit) {
    return {
      grid: grid(16),
      tooltip: tooltip('axis', 'units'),
      xAxis: {type: 'category', data: labels, axisLabel: {hideOverlap: true}},
      yAxis: {type: 'value', min: 0, axisLabel: {formatter: value => amount(value, unit)}, splitNumber: 4},
      series: [{type: 'bar', data: values, barCategoryGap: '10%'}]
    };
  }

  const heatHeight = rows => Math.min(640, Math.max(140, 90 + 14 * rows));

  // Rows are named, cells are [bucket, row, 0 to 100]; what is missing stays empty.
  function heat(rows, axis, cells) {
    const buckets = Math.round((axis.to - axis.from) / axis.width);
    const label = i => {
      const at = axis.from + i * axis.width;
      return axis.isTime ? new Date(at).toISOString().slice(0, 16).replace('T', ' ') : duration(at);
    };
    const labels = Array.from({length: buckets}, (none, i) => label(i));
    // Where rows are lower than their names, some names are left out, and where the page is narrow what follows the first.
    const each = Math.ceil(13 * rows.length / (heatHeight(rows.length) - 60));
    const named = text => shorten(isNarrow() ? text.split(' to ')[0] : text, isNarrow() ? 14 : 34);
    return {
      grid: Object.assign(grid(8), {bottom: 44}),
      tooltip: {
        renderMode: 'richText', confine: true,
        formatter: item => rows[item.value[1]] + '\nfrom ' + labels[item.value[0]] + '\n' + percent(item.value[2])
      },
      xAxis: {type: 'category', data: labels, axisLabel: {hideOverlap: true, formatter: text => shorten(text, 16)}},
      yAxis: {type: 'category', data: rows, inverse: true, axisTick: {show: false},
        axisLabel: {interval: each - 1, formatter: named}},
      visualMap: {min: 0, max: 100, calculable: false, orient: 'horizontal', left: 'center', bottom: 2, itemWidth: 12,
        itemHeight: isNarrow() ? 90 : 160, text: ['100 % used', 'idle'], inRange: {color: dark.matches ?
          ['#1c222c', '#1d4f7c', '#3f9bd8', '#f2c14e', '#e4572e'] : ['#f0f3f7', '#bcd7ee', '#5fa3d6', '#e9a93c', '#c4391d']}},
      series: [{type: 'heatmap', data: cells, progressive: 0, itemStyle: {borderWidth: 0}}]
    };
  }

  function finish(command) {
    add(page, 'footer', 'Made by ' + command + '. Plots: Apache ECharts ' + echarts.version +
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
  }

  return {
    data: data, page: page, dark: dark, add: add, number: number, duration: duration, bytes: bytes, percent: percent,
    amount: amount, clock: clock, section: section, tiles: tiles, table: table, plot: plot, draw: draw, choose: choose,
    isNarrow: isNarrow, isAny: isAny, isNothing: isNothing, grid: grid, tooltip: tooltip, shorten: shorten,
    bucketAxis: bucketAxis, spanAxis: spanAxis, xAxis: xAxis, yAxis: yAxis, overTime: overTime, bars: bars, heat: heat, heatHeight: heatHeight, finish: finish
  };
})();
