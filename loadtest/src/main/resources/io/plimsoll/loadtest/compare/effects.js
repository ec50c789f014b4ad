'use strict';
// Figures of two sides side by side: for all pages that show some.
const Effects = (function () {
  const {add, number, duration, amount, percent, table, plot, isNothing} = Page;
  const COLOURS = {better: '#2f9e63', worse: '#d0493a', different: '#4c8bd0'};

  function unit(figure) {
    return /seconds/i.test(figure) && !/per/i.test(figure) ? 'seconds' : /bytes/i.test(figure) ? 'bytes' :
      /(cpu|memory|gpu)use$/i.test(figure) ? 'part' : 'units';
  }

  function text(figure, value) {
    const kind = unit(figure);
    return isNothing(value) ? '–' : kind === 'part' ? percent(100 * value) : /micros/i.test(figure) ?
      duration(value / 1e6) : amount(value, kind);
  }

  const signed = (figure, value) => (value > 0 ? '+' : '') + text(figure, value);
  const signedPercent = value => isNothing(value) ? '–' : (value > 0 ? '+' : '') + (100 * value).toFixed(
    Math.abs(value) < 0.1 ? 2 : 1) + ' %';

  function headline(comparison) {
    const any = comparison.differences.filter(one => one.change !== 0);
    const sure = any.filter(one => one.isSignificant);
    const better = sure.filter(one => one.verdict === 'better').length;
    const worse = sure.filter(one => one.verdict === 'worse').length;
    const isTold = comparison.differences.some(one => one.p !== null);
    return any.length === 0 ? 'Nothing differs.' : !isTold ? number(any.length) + ' of ' +
      number(comparison.differences.length) + ' figures differ; there is nothing to tell chance from (' +
      comparison.method + ').' : sure.length === 0 ? 'No difference is more than chance would do.' :
      number(sure.length) + ' of ' + number(comparison.differences.length) + ' figures differ by more than chance: ' +
      number(better) + ' better, ' + number(worse) + ' worse, ' + number(sure.length - better - worse) + ' neither.';
  }

  // Relative differences with their intervals, then all figures.
  function show(part, comparison, id) {
    add(part, 'p', comparison.method.charAt(0).toUpperCase() + comparison.method.slice(1) + '. Marked is what is significant ' +
      'at ' + percent(100 * comparison.level) + ' after correction for the number of figures (Holm).', 'dim');
    comparison.notes.forEach(note => add(part, 'p', 'Note: ' + note + '.', 'note'));
    const drawn = comparison.differences.filter(one => one.change !== 0 && !isNothing(one.relative)).slice(0, 40);
    if (drawn.length > 0) {
      const LIMIT = 200;
      const clip = value => Math.max(-LIMIT, Math.min(LIMIT, value));
      const entry = plot(part, id, 'Relative differences', () => ({
        grid: Object.assign(Page.grid(12), {bottom: 28}),
        tooltip: {renderMode: 'richText', confine: true, formatter: item => {
          const one = drawn[item.dataIndex];
          return one.figure + '\n' + text(one.figure, one.first) + ' → ' + text(one.figure, one.second) + '\n' +
            signedPercent(one.relative) + (one.isSignificant ? ', significant' : '');
        }},
        xAxis: {type: 'value', name: 'difference, % of ' + comparison.first, nameLocation: 'middle', nameGap: 26,
          splitNumber: Page.isNarrow() ? 3 : 8, axisLabel: {formatter: '{value} %', hideOverlap: true}},
        yAxis: {type: 'category', inverse: true, data: drawn.map(one => one.figure), axisTick: {show: false},
          axisLabel: {interval: 0, formatter: name => Page.shorten(name, Page.isNarrow() ? 18 : 44)}},
        series: [{
          type: 'bar', barMaxWidth: 14, data: drawn.map(one => ({value: clip(100 * one.relative),
            itemStyle: {color: one.isSignificant ? COLOURS[one.verdict] : '#9aa5b4'}}))
        }, {
          type: 'custom', silent: true, data: drawn.map((one, i) => isNothing(one.plusMinus) || one.first === 0 ?
            [0, 0, i] : [clip(100 * (one.change - one.plusMinus) / Math.abs(one.first)),
              clip(100 * (one.change + one.plusMinus) / Math.abs(one.first)), i]),
          encode: {x: [0, 1], y: 2},
          renderItem: (params, api) => {
            const low = api.coord([api.value(0), api.value(2)]);
            const high = api.coord([api.value(1), api.value(2)]);
            return {type: 'line', shape: {x1: low[0], y1: low[1], x2: high[0], y2: high[1]},
              style: {stroke: Page.dark.matches ? '#e4e8ee' : '#1c2330', lineWidth: low[0] === high[0] ? 0 : 2}};
          }
        }]
      }));
      entry.box.style.height = 70 + 22 * drawn.length + 'px';
      add(part, 'p', 'Bars: difference; lines: where the true one is (95 %). Green: better, red: worse, blue: neither, ' +
        'grey: not significant. Beyond ' + LIMIT + ' % they are cut.', 'dim');
    }
    const mark = one => one.isSignificant ? 'marked ' + (one.verdict === 'better' ? 'good' : one.verdict === 'worse' ?
      'bad' : '') : '';
    table(part, null, [
      {title: 'figure', kind: 'name', of: one => one.figure},
      {title: comparison.first, kind: 'number', of: one => text(one.figure, one.first)},
      {title: comparison.second, kind: 'number', of: one => text(one.figure, one.second)},
      {title: 'difference', kind: 'number', mark: mark, of: one => one.change === 0 ? '0' : signed(one.figure, one.change)},
      {title: '± (95 %)', kind: 'number', of: one => one.change === 0 && one.plusMinus === 0 ? '' :
        text(one.figure, one.plusMinus)},
      {title: 'relative', kind: 'number', mark: mark, of: one => one.change === 0 ? '' : signedPercent(one.relative)},
      {title: '', of: one => one.isSignificant ? one.verdict : '', mark: mark}], comparison.differences);
  }

  return {show: show, headline: headline};
})();
