'use strict';
(function () {
  const result = Page.data;
  const {add, number, duration, section, table, plot, page, isNothing, isAny} = Page;
  const micros = value => isNothing(value) ? '–' : duration(value / 1e6);
  const POINTS = 300;
  const series = merged(result.series);

  // A long run has more seconds than a plot has room for: sums are means then, and of latencies the worst is kept.
  function merged(seconds) {
    const factor = Math.max(1, Math.ceil(seconds.length / POINTS));
    const buckets = [];
    for (let i = 0; i < seconds.length; i += factor) {
      const some = seconds.slice(i, i + factor);
      const mean = field => some.reduce((sum, one) => sum + (one[field] || 0), 0) / some.length;
      const most = field => some.reduce((max, one) => isNothing(one[field]) ? max :
        Math.max(max === null ? 0 : max, one[field]), null);
      buckets.push({submitted: mean('submitted'), assigned: mean('assigned'), ended: mean('ended'),
        p50: most('p50Micros'), p99: most('p99Micros'), agents: some[some.length - 1].agents, cores: most('managerCores'),
        memory: most('managerMemoryBytes')});
    }
    // A run of hours has a sample each second no more.
    const each = seconds.length < 3 ? 1 :
      Math.max(1, Math.round((seconds[seconds.length - 2].seconds - seconds[0].seconds) / (seconds.length - 2)));
    buckets.width = factor * each;
    return buckets;
  }

  const axis = Page.spanAxis(null, series.width, Math.max(1, series.length));
  const values = (field, scale) => series.map(one => isNothing(one[field]) ? null : one[field] * (scale || 1));
  const isSound = result.lost === 0 && result.doubled === 0;
  const isFailed = !isNothing(result.failed);

  function head() {
    const latency = result.submitToAssignedMicros;
    add(page, 'h1', 'Load test: ' + number(result.agents) + ' agents, ' + number(result.sessions) + ' sessions');
    add(page, 'p', number(result.agents) + ' agents ran ' + number(result.sessions) + ' sessions in ' +
      duration(result.seconds) + ', ' + number(result.sessionsPerSecond) + ' a second. ' + (isNothing(latency.p50) ? '' :
      'Half were with their agent within ' + micros(latency.p50) + ' of when they were due, 99 of 100 within ' +
      micros(latency.p99) + '. ') + (isFailed ? 'What was lost is not known: it could not go on.' : isSound ? 'None was lost, none was done twice.' : number(result.lost) +
      ' were lost and ' + number(result.doubled) + ' done twice.'), 'headline');
    if (isFailed) {
      add(page, 'p', 'It could not go on: ' + result.failed + '. ' + number(result.unfinished) +
        ' sessions had not ended.', 'note');
    } else if (result.interrupted) {
      add(page, 'p', 'It was interrupted; ' + number(result.unfinished) + ' sessions had not ended.', 'note');
    }
    const broken = result.steps.find(step => step.broken !== null);
    if (broken) {
      add(page, 'p', 'It breaks at ' + number(broken.rate) + ' a second: ' + broken.broken + '.', 'note');
    }
    Page.tiles([[number(result.sessionsPerSecond), 'sessions a second'], [micros(latency.p50), 'due to assigned, p50'],
      [micros(latency.p99), 'p99'], [micros(latency.p999), 'p99.9'], [micros(latency.max), 'slowest'],
      [isNothing(result.lost) ? '–' : number(result.lost), 'lost', result.lost > 0 ? 'bad' : ''],
      [number(result.doubled), 'done twice', result.doubled > 0 ? 'bad' : ''],
      [isNothing(result.managerCpuSeconds) ? '–' : number(result.managerCpuSeconds / Math.max(result.seconds, 1e-3)),
        'cores of the manager'],
      [isNothing(result.managerPeakMemoryBytes) ? '–' : Page.bytes(result.managerPeakMemoryBytes), 'memory of the manager']]);
    result.wrong.forEach(wrong => add(page, 'p', 'Wrong: ' + wrong, 'note'));
  }

  function latencies() {
    const part = section('Latency', 'From when a session was due until it was assigned to an agent, each ' +
      duration(series.width) + (series.width > 1 ? ' (the worst second of it)' : '') + '.');
    if (isAny(values('p50'))) {
      plot(part, 'latency', 'Latency over time', () => Page.overTime(
        [{name: 'p50', values: values('p50', 1e-6)}, {name: 'p99', values: values('p99', 1e-6)}], axis, 'seconds'));
    }
    [['submitToAssignedHistogram', 'until assigned'], ['submitToReplyHistogram', 'until the API answered']].forEach(pair => {
      const bins = result[pair[0]];
      if (bins.length > 0) {
        add(part, 'p', 'How many took how long, ' + pair[1] + '.', 'dim');
        plot(part, pair[0], 'Distribution of latencies ' + pair[1],
          () => Page.bars(bins.map(bin => '≤ ' + micros(bin.toMicros)), bins.map(bin => bin.count), 'units'));
      }
    });
    const rows = [['due to assigned', result.submitToAssignedMicros], ['due to the answer', result.submitToReplyMicros],
      ['list', result.reads.listMicros], ['explain', result.reads.explainMicros],
      ['first event', result.reads.firstEventMicros]].filter(row => row[1].count > 0);
    table(part, null, [{title: '', of: row => row[0]}, {title: 'count', kind: 'number', of: row => number(row[1].count)}].concat(
      ['p50', 'p90', 'p99', 'p999', 'max'].map(name => ({title: name === 'p999' ? 'p99.9' : name, kind: 'number',
        of: row => micros(row[1][name])}))), rows);
  }

  function throughput() {
    if (series.length === 0) {
      return;
    }
    const part = section('Throughput', 'Sessions a second.');
    plot(part, 'throughput', 'Sessions submitted, assigned and ended a second', () => Page.overTime(
      ['submitted', 'assigned', 'ended'].map(name => ({name: name, values: values(name)})), axis, 'units'));
  }

  function steps() {
    if (result.steps.length < 2) {
      return;
    }
    const part = section('Steps', 'Each with a rate of its own; red: it breaks.');
    plot(part, 'steps', 'Latency by rate', () => {
      const known = result.steps.filter(step => step.submitToAssignedMicros.count > 0);
      return {
        grid: Object.assign(Page.grid(20), {bottom: 28}),
        tooltip: {renderMode: 'richText', confine: true, formatter: item => number(item.value[0]) + ' a second\np99 ' +
          micros(item.value[1])},
        xAxis: {type: 'value', name: 'sessions a second', nameLocation: 'middle', nameGap: 26, min: 0,
          axisLabel: {hideOverlap: true, formatter: number}},
        yAxis: {type: 'log', axisLabel: {formatter: micros}},
        series: [{type: 'line', symbolSize: 9, data: known.map(step => ({
          value: [step.rate, Math.max(1, step.submitToAssignedMicros.p99)],
          itemStyle: {color: step.broken === null ? '#2f9e63' : '#d0493a'}}))}]
      };
    });
    table(part, null, [{title: 'a second', kind: 'number', of: step => number(step.rate)},
      {title: 'due', kind: 'number', of: step => number(step.due)},
      {title: 'assigned', kind: 'number', of: step => number(step.assigned)},
      {title: 'p50', kind: 'number', of: step => micros(step.submitToAssignedMicros.p50)},
      {title: 'p99', kind: 'number', of: step => micros(step.submitToAssignedMicros.p99)},
      {title: '', of: step => step.broken === null ? 'holds' : step.broken, mark: step => step.broken === null ? 'good' : 'bad'}],
      result.steps);
  }

  function links() {
    const reasons = Object.entries(result.linkLossReasons || {});
    return (isNothing(result.agentsReadySeconds) ? '' : ' All had connected after ' + duration(result.agentsReadySeconds) +
      '.') + (isNothing(result.linkLossReasons) ? '' : reasons.length === 0 ? ' None has lost its link.' : ' Links were lost ' + reasons.map(
      reason => number(reason[1]) + ' times (' + reason[0] + ')').join(', ') + ', and made again.');
  }

  function manager() {
    if (!isAny(values('cores')) && !isAny(values('memory'))) {
      return;
    }
    const part = section('Manager and agents', 'What the manager used, and who was connected.');
    add(part, 'p', 'Cores of the manager.', 'dim');
    plot(part, 'cores', 'Cores of the manager', () => Page.overTime([{name: 'cores', values: values('cores')}], axis, 'units'));
    add(part, 'p', 'Memory of the manager.', 'dim');
    plot(part, 'memory', 'Memory of the manager', () => Page.overTime(
      [{name: 'memory', values: values('memory')}], axis, 'bytes'));
    add(part, 'p', 'Agents connected, of ' + number(result.agents) + '.' + links(), 'dim');
    plot(part, 'agents', 'Agents connected', () => Page.overTime([{name: 'agents', values: values('agents')}], axis, 'units'));
  }

  head();
  latencies();
  throughput();
  steps();
  manager();
  Page.finish('plimsoll loadtest run');
})();
