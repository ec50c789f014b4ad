'use strict';
(function () {
  const result = Page.data;
  const {add, number, duration, percent, section, table, page, isNothing} = Page;
  const several = result.seeds > 1;
  const within = (figure, text) => text(figure.mean) + (several && !isNothing(figure.plusMinus) ?
    ' ± ' + text(figure.plusMinus) : '');
  const tile = (figure, text, what) => [text(figure.mean), what + (several && !isNothing(figure.plusMinus) ?
    ' ± ' + text(figure.plusMinus) : '')];
  const hundred = part => percent(100 * part);
  const groups = result.waitSecondsByGroup;
  const hasGpu = result.series.slots.some(slot => slot.slot === 'gpu');

  function head() {
    add(page, 'h1', result.workload + ' on ' + result.fleet);
    const waits = result.waitSeconds;
    add(page, 'p', (waits.p50.mean === 0 ? 'Half of the sessions start at once, ' :
      'Half of the sessions wait no longer than ' + duration(waits.p50.mean) + ', ') +
      (waits.p95.mean === 0 ? 'and so do 95 of 100.' : '95 of 100 no longer than ' + duration(waits.p95.mean) + '.') +
      ' ' + (hasGpu ? hundred(result.gpuUse.mean) + ' of the GPUs and ' : '') + hundred(result.cpuUse.mean) +
      ' of the cores are in use.', 'headline');
    const policies = Object.keys(result.policies).map(name => name + ' ' + result.policies[name]).join(', ');
    add(page, 'p', number(result.machines) + ' machines; ' + policies + '. ' + (several ? number(result.seeds) +
      ' seeds: means, and how far the true ones may be from them (95 %); plots are of the first.' :
      'One run, so nothing says how far chance goes.') + (result.series.origin === null ? '' : ' Times are UTC.'), 'dim');
    Page.tiles([
      [number(result.sessions.mean), 'sessions'], tile(waits.mean, duration, 'mean wait'),
      tile(waits.p95, duration, 'wait, p95'), tile(waits.max, duration, 'longest wait'),
      [number(result.boundedSlowdown.mean), 'slowdown'],
      [hundred(result.cpuUse.mean), 'cores in use']].concat(hasGpu ? [[hundred(result.gpuUse.mean), 'GPUs in use']] : [])
      .concat([
        [number(result.unstarted.mean), 'never started', result.unstarted.mean > 0 ? 'bad' : ''],
        [number(result.refused.mean), 'refused', result.refused.mean > 0 ? 'bad' : ''],
        [number(result.failed.mean), 'failed', result.failed.mean > 0 ? 'bad' : '']]));
  }

  function tables() {
    const part = section('Figures');
    const time = figure => within(figure, duration);
    const count = figure => within(figure, number);
    table(part, null, [{title: '', of: row => row[0]}, {title: several ? 'mean ± (95 %)' : 'figure', kind: 'number', of: row => row[1]}], [
      ['sessions', count(result.sessions)], ['mean wait', time(result.waitSeconds.mean)],
      ['wait, p50', time(result.waitSeconds.p50)], ['wait, p90', time(result.waitSeconds.p90)],
      ['wait, p95', time(result.waitSeconds.p95)], ['wait, p99', time(result.waitSeconds.p99)],
      ['longest wait', time(result.waitSeconds.max)], ['bounded slowdown', count(result.boundedSlowdown)],
      ['attempts', count(result.attempts)], ['cores in use', within(result.cpuUse, hundred)],
      ['memory in use', within(result.memoryUse, hundred)], ['GPUs in use', within(result.gpuUse, hundred)],
      ['sessions that wait', count(result.waiting)], ['warm-up cut', time(result.warmupSeconds)],
      ['over after', time(result.endSeconds)]]);
    const names = Object.keys(groups);
    if (names.length > 1) {
      table(part, 'By group, in the first run', [
        {title: 'group', kind: 'name', of: name => name === '' ? 'none' : name},
        {title: 'sessions', kind: 'number', of: name => number(groups[name].sessions)},
        {title: 'never started', kind: 'number', of: name => number(groups[name].unstarted)},
        {title: 'mean wait', kind: 'number', of: name => duration(groups[name].mean)},
        {title: 'p50', kind: 'number', of: name => duration(groups[name].p50)},
        {title: 'p95', kind: 'number', of: name => duration(groups[name].p95)},
        {title: 'longest', kind: 'number', of: name => duration(groups[name].max)}],
        names.sort((one, other) => groups[other].p95 - groups[one].p95).slice(0, 60));
    }
  }

  function against() {
    if (result.against) {
      const part = section('With ' + result.against.name, 'What other policies would do, with the same seeds.');
      add(part, 'p', Effects.headline(result.against.same), 'headline');
      Effects.show(part, result.against.same, 'effects');
    }
  }

  head();
  against();
  Run.show(result.series);
  tables();
  Page.finish('plimsoll simulate');
})();
