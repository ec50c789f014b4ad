'use strict';
(function () {
  const report = Page.data;
  const {add, number, duration, percent, amount, clock, section, table, plot, draw, choose, isNarrow, isAny, shorten, dark,
    page} = Page;
  const range = report.range;
  const widthMs = range.bucketSeconds * 1000;
  const fromMs = range.fromEpochNanos / 1e6;
  const toMs = range.toEpochNanos / 1e6;
  const startMs = fromMs - range.baselineBuckets * widthMs;
  const lastBucket = range.baselineBuckets + range.rangeBuckets - 1;
  const counts = byName => Object.keys(byName).map(name => number(byName[name]) + ' ' + name).join(', ');

  const LINES_MAX = 12;
  const baselineArea = () => range.baselineBuckets === 0 ? undefined : {
    silent: true,
    itemStyle: {color: dark.matches ? 'rgba(255,255,255,0.06)' : 'rgba(0,0,0,0.05)'},
    label: {show: true, position: 'insideTop', color: dark.matches ? '#9aa5b4' : '#5b6675'},
    data: [[{name: 'before', xAxis: startMs}, {xAxis: fromMs}]]
  };

  const axis = Page.bucketAxis(true, startMs, widthMs, toMs);

  function lines(series, unit) {
    const option = Page.overTime(series, axis, unit);
    option.series[0].markArea = baselineArea();
    return option;
  }

  function head() {
    add(page, 'h1', 'Incident report');
    add(page, 'p', 'From ' + clock(range.from) + ' to ' + clock(range.to) + ' (' + duration(range.lengthSeconds) +
      '), against the ' + duration(range.baselineSeconds) + ' before; one figure each ' +
      duration(range.bucketSeconds) + '. Times are UTC.');
    const journal = report.journal;
    add(page, 'p', 'Journal ' + journal.directory + ' of cluster ' + journal.clusterId +
      (journal.snapshotSequence > 0 ? ', read from the snapshot of record ' + journal.snapshotSequence : '') + '.',
      'dim');
    range.notes.concat(journal.fault === '' ? [] : ['what follows cannot be read: ' + journal.fault])
      .forEach(note => add(page, 'p', 'Note: ' + note + '.', 'note'));
    const totals = report.totals;
    if (totals.commands === 0) {
      add(page, 'p', 'Nothing happened in this time: the journal has no record in it.', 'note').id = 'nothing';
    }
    Page.tiles([['sessionsSubmitted', 'sessions submitted'], ['sessionsPlaced', 'sessions placed'],
      ['sessionsEnded', 'sessions ended'], ['sessionsFailed', 'of them failed'],
      ['sessionsPreempted', 'sessions preempted'], ['sessionsPendingAtEnd', 'pending at the end'],
      ['kernelsPlaced', 'kernels placed'], ['kernelsFailed', 'kernels failed'],
      ['agentsLost', 'agents lost'], ['commandsRejected', 'commands rejected'],
      ['commands', 'commands'], ['events', 'events']].map(pair => [number(totals[pair[0]]), pair[1],
      /Failed|Lost/.test(pair[0]) && totals[pair[0]] > 0 ? 'bad' : '']));
  }

  function anomalies() {
    const part = section('Unusual, against the time before',
      'Figures further from the median of the time before than ' + report.anomalies.threshold +
      ' times their spread; buckets in a row count once, with the furthest figure. ' +
      number(report.anomalies.seriesJudged) + ' series were judged' + (report.anomalies.furtherFound > 0 ?
      '; ' + number(report.anomalies.furtherFound) + ' more times are left out.' : '.'));
    if (report.anomalies.found.length === 0) {
      add(part, 'p', report.anomalies.seriesJudged === 0 ? 'There is too little before to judge.' :
        'Nothing unusual was found.');
      return;
    }
    table(part, null, [
      {title: 'What', of: a => a.series}, {title: 'Of', kind: 'name', of: a => a.subject},
      {title: 'Figure', kind: 'number', of: a => amount(a.value, a.unit)},
      {title: 'Usual', kind: 'number', of: a => amount(a.usualLow, a.unit) + ' to ' + amount(a.usualHigh, a.unit)},
      {title: 'From', kind: 'time', of: a => clock(a.at)}, {title: 'To', kind: 'time', of: a => clock(a.until)}],
      report.anomalies.found);
  }

  // The bars of the timeline: [lane, begin, end, what a pointer shows, colour].
  function timelineBars() {
    const rows = [];
    const bars = [];
    const ms = iso => Date.parse(iso);
    const clip = value => Math.min(Math.max(value, startMs), toMs);
    const colour = {placed: '#4c8bd0', waiting: '#d08a2b', cancelled: '#8a93a0', failed: '#c9483a'};
    report.waits.longest.forEach(wait => {
      rows.push('session ' + wait.sessionId);
      bars.push({value: [rows.length - 1, clip(ms(wait.since)), clip(ms(wait.until)),
        'session ' + wait.sessionId + ' ' + wait.name + '\nof ' + wait.owner + ' in ' + wait.group + '\nwaited ' +
        duration(wait.waitSeconds) + ', ' + wait.end + '\n' +
        wait.causes.map(c => c.cause + ' (' + c.moments + ' of ' + wait.momentsAsked + ')').join(', ')],
        itemStyle: {color: colour[wait.end]}});
    });
    const lanes = new Map();
    report.agents.losses.slice(0, 200).forEach(loss => {
      if (!lanes.has(loss.agent)) {
        if (lanes.size >= 20) {
          return;
        }
        lanes.set(loss.agent, rows.length);
        rows.push('agent ' + loss.agent);
      }
      const until = loss.returnedAt === null ? toMs : ms(loss.returnedAt);
      bars.push({value: [lanes.get(loss.agent), clip(ms(loss.lostAt)), clip(until),
        'agent ' + loss.agent + '\nlost with ' + loss.kernels + ' kernels\n' +
        (loss.returnedAt === null ? 'not back by the end' : 'back after ' + duration((until - ms(loss.lostAt)) / 1000))],
        itemStyle: {color: '#c9483a'}});
    });
    const point = (row, at, text, fill) => bars.push(
      {value: [row, clip(ms(at)), clip(ms(at)), text], itemStyle: {color: fill}});
    if (report.managers.length > 0) {
      rows.push('manager');
      report.managers.forEach(m => point(rows.length - 1, m.at, 'manager started, term ' + m.term, '#7a5bc0'));
    }
    if (report.preemptions.sessions.length > 0) {
      rows.push('preempted');
      report.preemptions.sessions.forEach(p => point(
        rows.length - 1, p.at, 'session ' + p.sessionId + ' ' + p.name + ' had to yield' +
          (p.toSessionId === null ? '' : ' to session ' + p.toSessionId + ' ' + p.toName), '#b0568f'));
    }
    return {rows: rows, bars: bars};
  }

  function timeline() {
    const content = timelineBars();
    if (content.rows.length === 0) {
      return;
    }
    const part = section('Timeline',
      'The longest waits (blue: placed, amber: still waiting, grey: cancelled, red: failed), agents while lost (red), ' +
      'starts of the manager, sessions that had to yield.');
    const entry = plot(part, 'timeline', 'Timeline of long waits and lost agents', () => ({
      grid: {left: 8, right: 12, top: 8, bottom: 8, containLabel: true},
      tooltip: {renderMode: 'richText', confine: true, formatter: item => item.value[3] + '\nfrom ' +
        clock(new Date(item.value[1]).toISOString()) +
        (item.value[2] > item.value[1] ? '\nto ' + clock(new Date(item.value[2]).toISOString()) : '')},
      xAxis: {type: 'time', min: startMs, max: toMs, splitNumber: isNarrow() ? 3 : 8, position: 'bottom'},
      yAxis: {type: 'category', data: content.rows, inverse: true, axisTick: {show: false},
        axisLabel: {interval: 0, formatter: text => shorten(text, isNarrow() ? 14 : 30)}},
      series: [{
        type: 'custom', encode: {x: [1, 2], y: 0}, data: content.bars, clip: true, markArea: baselineArea(),
        renderItem: (params, api) => {
          const begin = api.coord([api.value(1), api.value(0)]);
          const end = api.coord([api.value(2), api.value(0)]);
          const height = Math.min(14, api.size([0, 1])[1] * 0.7);
          const width = Math.max(3, end[0] - begin[0]);
          return {type: 'rect', shape: {x: begin[0], y: begin[1] - height / 2, width: width, height: height, r: 2},
            style: {fill: api.visual('color')}};
        }
      }]
    }));
    entry.box.style.height = 60 + 20 * content.rows.length + 'px';
  }

  function flow() {
    const flow = report.flow;
    const series = [
      {name: 'submitted', values: flow.sessionsSubmitted}, {name: 'placed', values: flow.sessionsPlaced},
      {name: 'ended', values: flow.sessionsEnded}, {name: 'failed', values: flow.sessionsFailed},
      {name: 'preempted', values: report.preemptions.sessionsPreempted},
      {name: 'kernels failed', values: report.failures.kernelsFailed},
      {name: 'commands rejected', values: flow.commandsRejected}].filter(line => isAny(line.values));
    if (series.length === 0) {
      return;
    }
    const part = section('Sessions', 'How many were submitted, placed and ended in each ' +
      duration(range.bucketSeconds) + '.');
    plot(part, 'flow', 'Sessions submitted, placed and ended', () => lines(series, 'count'));
  }

  const METRICS = [
    ['p99Seconds', 'wait, p99', 'seconds'], ['p50Seconds', 'wait, p50', 'seconds'], ['maxSeconds', 'wait, longest', 'seconds'],
    ['oldestPendingSeconds', 'age of the oldest that waits', 'seconds'], ['pendingAtEnd', 'sessions that wait', 'count']];

  function waits() {
    const kinds = [['group', report.waits.groups], ['owner', report.waits.owners]];
    if (report.waits.groups.length === 0) {
      return;
    }
    const part = section('Waits',
      'From when a session was queued (or was allowed to start, or was put back after a failed attempt) until it was ' +
      'placed, told when it was placed.');
    const controls = add(part, 'div', null, 'controls');
    let kind = 0;
    let metric = 0;
    const entry = plot(part, 'waits', 'Waits over time', () => lines(
      kinds[kind][1].slice().sort((a, b) => weight(b) - weight(a)).slice(0, LINES_MAX)
        .map(line => ({name: line.name, values: line[METRICS[metric][0]]})), METRICS[metric][2]));
    choose(controls, 'by', ['group', 'owner'], value => { kind = value; draw(entry); });
    choose(controls, 'figure', METRICS.map(m => m[1]), value => { metric = value; draw(entry); });
    kinds.forEach(pair => table(part, 'By ' + pair[0], [
      {title: pair[0], kind: 'name', of: l => l.name},
      {title: 'placed', kind: 'number', of: l => number(l.range.placed)},
      {title: 'p50', kind: 'number', of: l => duration(l.range.p50Seconds)},
      {title: 'p99', kind: 'number', of: l => duration(l.range.p99Seconds)},
      {title: 'longest', kind: 'number', of: l => duration(l.range.maxSeconds)},
      {title: 'before: p50', kind: 'number', of: l => duration(l.baseline.p50Seconds)},
      {title: 'p99', kind: 'number', of: l => duration(l.baseline.p99Seconds)},
      {title: 'pending at the end', kind: 'number', of: l => number(l.pendingAtEnd[lastBucket])}],
      pair[1].slice().sort((a, b) => weight(b) - weight(a)).slice(0, 50)));
  }

  function weight(line) {
    return (line.range.placed * (line.range.meanSeconds || 0)) + line.oldestPendingSeconds[lastBucket];
  }

  function longest() {
    if (report.waits.longest.length === 0) {
      return;
    }
    const part = section('Longest waits',
      'What each waited for, as the scheduler itself says at some moments of the wait; of a job array the element that ' +
      'waited longest. The whole story of one: plimsoll replay DIR why SESSION.');
    table(part, null, [
      {title: 'session', kind: 'number', of: w => String(w.sessionId)}, {title: 'name', kind: 'name', of: w => w.name},
      {title: 'owner', kind: 'name', of: w => w.owner}, {title: 'group', kind: 'name', of: w => w.group},
      {title: 'waited', kind: 'number', of: w => duration(w.waitSeconds)}, {title: 'end', of: w => w.end},
      {title: 'since', kind: 'time', of: w => clock(w.since)},
      {title: 'waited for', of: w => w.causes.map(c => c.cause + ' ' + c.moments + '/' + w.momentsAsked).join(', ')},
      {title: 'in words, when last asked', kind: 'said', of: w => w.said}], report.waits.longest);
  }

  function utilisation() {
    const slots = report.utilisation.filter(slot => isAny(slot.capacity));
    if (slots.length === 0) {
      return;
    }
    const part = section('Utilisation and fragmentation',
      'Solid: what is taken of what agents that are not lost have, mean over time. Dashed: of what is free, the part that ' +
      'is of no use to the requests recorded in this time, because it lies where they do not fit.');
    const series = [];
    slots.slice(0, LINES_MAX).forEach(slot => {
      series.push({name: slot.group + ' ' + slot.slot + ' used', values: slot.usedPercentSeries});
      if (isAny(slot.fragmentationPercentSeries)) {
        series.push({name: slot.group + ' ' + slot.slot + ' fragmentation', values: slot.fragmentationPercentSeries,
          dashed: true});
      }
    });
    plot(part, 'utilisation', 'Utilisation and fragmentation over time', () => lines(series, 'percent'));
    table(part, null, [
      {title: 'group', kind: 'name', of: s => s.group}, {title: 'slot', of: s => s.slot},
      {title: 'used', kind: 'number', of: s => percent(s.usedPercent)},
      {title: 'before', kind: 'number', of: s => percent(s.baselineUsedPercent)},
      {title: 'fragmentation', kind: 'number', of: s => percent(s.fragmentationPercent)},
      {title: 'before', kind: 'number', of: s => percent(s.baselineFragmentationPercent)}], slots);
  }

  function agents() {
    const groups = report.agents.groups.filter(group => isAny(group.agents));
    if (groups.length === 0) {
      return;
    }
    const part = section('Agents', 'Those that may get work, and (dashed) those that are there at all.');
    const series = [];
    groups.slice(0, LINES_MAX).forEach(group => {
      series.push({name: group.group + ' usable', values: group.usable});
      series.push({name: group.group + ' there', values: group.agents, dashed: true});
    });
    if (isAny(report.agents.lost)) {
      series.push({name: 'lost', values: report.agents.lost});
    }
    plot(part, 'agents', 'Agents over time', () => lines(series, 'count'));
    if (report.agents.losses.length > 0) {
      table(part, 'Lost', [
        {title: 'agent', kind: 'name', of: l => l.agent}, {title: 'group', kind: 'name', of: l => l.group},
        {title: 'lost', kind: 'time', of: l => clock(l.lostAt)}, {title: 'back', kind: 'time', of: l => clock(l.returnedAt)},
        {title: 'kernels on it', kind: 'number', of: l => number(l.kernels)}], report.agents.losses.slice(0, 100));
    }
  }

  function failures() {
    const failures = report.failures;
    const rejected = report.flow.rejectedByCode;
    if (Object.keys(failures.sessionsByReason).length + Object.keys(failures.kernelsByReason).length +
      Object.keys(rejected).length === 0) {
      return;
    }
    const part = section('Failures');
    [['Sessions', failures.sessionsByReason], ['Kernels', failures.kernelsByReason], ['Rejected commands', rejected]]
      .filter(pair => Object.keys(pair[1]).length > 0)
      .forEach(pair => add(part, 'p', pair[0] + ': ' + counts(pair[1]) + '.'));
    if (failures.agents.length > 0) {
      table(part, 'Kernels by agent, those with most failures first', [
        {title: 'agent', kind: 'name', of: w => w.agent}, {title: 'group', kind: 'name', of: w => w.group},
        {title: 'placed', kind: 'number', of: w => number(w.kernelsPlaced)},
        {title: 'failed', kind: 'number', of: w => number(w.kernelsFailed)},
        {title: 'why', of: w => counts(w.failedByReason)}], failures.agents);
    }
  }

  function preemptions() {
    const preemptions = report.preemptions;
    if (preemptions.sessions.length === 0) {
      return;
    }
    const part = section('Preemptions');
    add(part, 'p', 'By group: ' + counts(preemptions.byGroup) + '. By owner: ' + counts(preemptions.byOwner) + '.');
    table(part, null, [
      {title: 'at', kind: 'time', of: p => clock(p.at)}, {title: 'session', kind: 'number', of: p => String(p.sessionId)},
      {title: 'name', kind: 'name', of: p => p.name}, {title: 'owner', kind: 'name', of: p => p.owner},
      {title: 'group', kind: 'name', of: p => p.group},
      {title: 'for', kind: 'name', of: p => p.toSessionId === null ? '' : p.toSessionId + ' ' + p.toName + ' of ' + p.toOwner}],
      preemptions.sessions.slice(0, 50));
  }

  head();
  anomalies();
  timeline();
  flow();
  waits();
  longest();
  utilisation();
  agents();
  failures();
  preemptions();
  Page.finish('plimsoll replay report');
})();
