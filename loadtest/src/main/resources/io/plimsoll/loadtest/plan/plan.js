'use strict';
(function () {
  const plan = Page.data;
  const {add, number, duration, percent, amount, section, table, plot, page, isNothing} = Page;
  const isLoad = plan.vary.length === 0;
  const missed = isLoad ? plan.tooMuch : plan.tooSmall;
  const of = (value, unit) => isNothing(value) ? '–' : unit === 'seconds' ? duration(value) :
    unit === 'part' ? percent(100 * value) : number(value);
  // What is missed and is no number goes on for ever.
  const missing = (value, unit) => isNothing(value) && unit === 'seconds' ? 'a wait without end' : of(value, unit);
  const kinds = trial => {
    const names = Object.keys(trial.machines);
    return names.length === 0 ? 'no machines' : names.map(name => number(trial.machines[name]) + ' ' + name).join(' and ');
  };
  const load = trial => trial.load.toFixed(2) + ' times the load';
  const what = trial => isLoad ? load(trial) : kinds(trial);
  const cost = trial => isNothing(trial.costPerHour) ? '' : ', at ' + number(trial.costPerHour) + ' an hour';
  const miss = trial => trial.misses.length === 0 ? '' : trial.misses[0].objective + ' is missed' +
    (trial.misses[0].by === '' ? '' : ' by ' + trial.misses[0].by) + ', with ' +
    missing(trial.misses[0].value, unitOf(trial.misses[0].objective));

  function unitOf(objective) {
    const found = plan.tried[0].reached.find(one => one.objective === objective);
    return found ? found.unit : 'number';
  }

  const hours = hour => String(hour).padStart(2, '0') + ':00 to ' + String((hour + 1) % 24).padStart(2, '0') + ':00';

  function head() {
    add(page, 'h1', 'Plan: ' + plan.workload + ' on ' + plan.fleet);
    const wanted = plan.objectives.join(' and ');
    const line = plan.found === null ?
      (isLoad ? 'The fleet carries no load for which ' + wanted + ' holds.' :
        'Not even ' + kinds(missed) + ' are enough for ' + wanted + '.') :
      isLoad ? kinds(plan.found) + ' carry ' + (missed === null ? 'at least ' : '') + plan.carries.toFixed(2) +
        ' times the load of today with ' + wanted + ': ' + (plan.headroom < 0 ? 'it is too much already.' :
        'there is ' + Math.round(100 * plan.headroom) + ' % of headroom' +
        (plan.usedUpOn ? ', used up on ' + plan.usedUpOn + '.' : '.')) :
      kinds(plan.found) + ' are enough for ' + wanted + cost(plan.found) + '.';
    add(page, 'p', line, 'headline');
    if (missed !== null && missed.misses.length > 0) {
      const waiting = missed.whileWaiting;
      const share = Math.max(waiting.cpuUse, waiting.memoryUse, waiting.gpuUse);
      add(page, 'p', (isLoad ? 'Too much: ' : 'Too small: ') + what(missed) + ': ' + miss(missed) + '. While sessions' +
        (waiting.group === '' ? '' : ' of ' + waiting.group) + ' waited ' +
        Math.round(100 * share) + ' % of ' + waiting.most + ' was in use; most waited from ' + hours(waiting.worstHour) +
        (waiting.utc ? ' UTC.' : ' from the first arrival on.'));
    }
    add(page, 'p', 'Each trial runs the scheduler that runs in production, in virtual time, with ' + number(plan.seeds) +
      (plan.seeds === 1 ? ' seed' : ' seeds, all of which have to hold') + '. Policies: ' + Object.keys(plan.policies)
      .map(name => name + ' ' + plan.policies[name]).join(', ') + '.', 'dim');
    const trial = plan.found === null ? missed : plan.found;
    Page.tiles([[number(plan.trials), 'trials'], [number(trial.sessions.mean), 'sessions'],
      [duration(trial.waitSeconds.mean.mean), 'mean wait'], [duration(trial.waitSeconds.p95.mean), 'wait, p95'],
      [percent(100 * trial.cpuUse.mean), 'cores in use']].concat(
      trial.gpuUse.mean > 0 ? [[percent(100 * trial.gpuUse.mean), 'GPUs in use']] : []).concat(
      isNothing(trial.costPerHour) ? [] : [[number(trial.costPerHour), 'cost an hour']]));
  }

  // What was varied, of a trial: the load, the count of the one kind, the cost where there is one, or all machines.
  const isOneKind = plan.vary.length === 1;
  const isPriced = plan.tried.every(trial => !isNothing(trial.costPerHour));
  const size = trial => isLoad ? trial.load : isOneKind ? trial.machines[plan.vary[0]] || 0 :
    isPriced ? trial.costPerHour : Object.values(trial.machines).reduce((sum, count) => sum + count, 0);
  const sizeName = isLoad ? 'times the load of the workload' : isOneKind ? 'machines of kind ' + plan.vary[0] :
    isPriced ? 'cost an hour' : 'machines';

  function objectives() {
    const part = section('Objective against ' + (isLoad ? 'load' : 'size'), 'Every ' + (isLoad ? 'load' : 'fleet') +
      ' that was tried. A dot is the mean over its seeds, its bar goes from the least to the most; the dashed line is the target' +
      (plan.found === null ? '.' : ', the dotted one what was chosen.'));
    plan.tried[0].reached.forEach((objective, i) => {
      add(part, 'p', objective.objective, 'dim');
      const dots = plan.tried.map(trial => ({trial: trial, x: size(trial), reached: trial.reached[i]}))
        .filter(dot => !isNothing(dot.reached.mean));
      const values = dots.map(dot => dot.reached.most).filter(value => value > 0);
      const isWide = values.length > 1 && Math.max(...values) > 300 * Math.max(objective.bound, 1e-3);
      // There is no nought where a line is ten times the one below: what is less than a tenth of all else lies there.
      const floor = Math.pow(10, Math.floor(Math.log10(Math.min(...values, objective.bound > 0 ? objective.bound : 1))) - 1);
      const shown = value => isWide ? Math.max(value, floor) : value;
      plot(part, 'objective-' + i, objective.objective + ' against size', () => ({
        grid: Object.assign(Page.grid(20), {bottom: 28}),
        tooltip: {renderMode: 'richText', confine: true, formatter: item => {
          const dot = dots[item.dataIndex];
          return !dot ? '' : what(dot.trial) + cost(dot.trial) + '\n' + of(dot.reached.mean, objective.unit) +
            (isNothing(dot.reached.plusMinus) ? '' : ' ± ' + of(dot.reached.plusMinus, objective.unit)) + '\n' +
            (dot.trial.holds ? 'all objectives hold' : miss(dot.trial));
        }},
        xAxis: {type: 'value', scale: true, name: sizeName, nameLocation: 'middle', nameGap: 26,
          axisLabel: {hideOverlap: true, formatter: number}},
        yAxis: isWide || objective.unit !== 'seconds' ? {type: isWide ? 'log' : 'value',
          min: isWide ? floor : 0, splitNumber: 4,
          axisLabel: {formatter: value => isWide && value <= floor ? '≤ ' + of(value, objective.unit) : of(value, objective.unit)}} :
          Page.yAxis('seconds', values.concat(objective.bound)),
        series: [{
          type: 'custom', data: dots.map(dot => [dot.x, shown(dot.reached.least), shown(dot.reached.most)]), silent: true,
          encode: {x: 0, y: [1, 2]},
          renderItem: (params, api) => {
            const low = api.coord([api.value(0), api.value(1)]);
            const high = api.coord([api.value(0), api.value(2)]);
            return {type: 'line', shape: {x1: low[0], y1: low[1], x2: high[0], y2: high[1]},
              style: {stroke: '#8a93a0', lineWidth: 2}};
          }
        }, {
          type: 'scatter', symbolSize: 10,
          data: dots.map(dot => ({value: [dot.x, shown(dot.reached.mean)],
            itemStyle: {color: dot.trial.holds ? '#2f9e63' : '#d0493a'}})),
          markLine: {symbol: 'none', silent: true, data: [{yAxis: objective.bound, lineStyle: {type: 'dashed', width: 1.6},
            label: {formatter: 'target', position: 'insideStartTop'}}].concat(plan.found === null ? [] :
            [{xAxis: size(plan.found), lineStyle: {type: 'dotted', width: 1.6},
              label: {formatter: 'chosen', position: 'insideEndTop'}}])}
        }]
      }));
    });
    add(part, 'p', 'Green: all objectives hold. Red: one is missed.', 'dim');
  }

  function trials() {
    const part = section('Trials', 'In the order in which they were run. A trial ends at the first seed that misses.');
    const columns = [{title: isLoad ? 'load' : 'machines', kind: 'name', of: what}];
    if (!isLoad && isPriced) {
      columns.push({title: 'cost an hour', kind: 'number', of: trial => number(trial.costPerHour)});
    }
    plan.tried[0].reached.forEach((objective, i) => columns.push({title: objective.objective, kind: 'number',
      of: trial => (trial.misses.some(one => one.objective === objective.objective) ? missing : of)(
        trial.reached[i].mean, objective.unit) + (isNothing(trial.reached[i].plusMinus) ? '' :
        ' ± ' + of(trial.reached[i].plusMinus, objective.unit)),
      mark: trial => trial.misses.some(one => one.objective === objective.objective) ? 'bad' : 'good'}));
    columns.push({title: 'seeds run', kind: 'number', of: trial => number(trial.seeds)});
    columns.push({title: '', of: trial => trial.holds ? 'holds' : 'missed', mark: trial => trial.holds ? 'good' : 'bad'});
    table(part, null, columns, plan.tried);
  }

  function against() {
    if (!plan.against) {
      return;
    }
    const best = plan.against.best;
    const machines = found => found === null ? 'no fleet that was allowed' :
      Object.keys(found).map(name => number(found[name]) + ' ' + name).join(' and ');
    const price = value => isNothing(value) ? '' : ', at ' + number(value) + ' an hour';
    const part = section('With ' + plan.against.name, 'What other policies would do, with the same seeds.');
    if (best) {
      add(part, 'p', isLoad ? 'The fleet carries ' + best.secondLoad.toFixed(2) + ' times the load then, instead of ' +
        best.firstLoad.toFixed(2) + '.' : 'Enough then: ' + machines(best.secondMachines) + price(best.secondCostPerHour) +
        '; instead of ' + machines(best.firstMachines) + price(best.firstCostPerHour) + '.', 'headline');
    }
    add(part, 'p', (isLoad ? 'On the same fleet, with the load of today: ' : 'On the fleet found here: ') +
      Effects.headline(plan.against.same));
    Effects.show(part, plan.against.same, 'effects');
    if (best && best.each) {
      const each = section('Each on its own smallest fleet');
      add(each, 'p', Effects.headline(best.each));
      Effects.show(each, best.each, 'effects-each');
    }
  }

  head();
  objectives();
  against();
  trials();
  if (plan.series !== null) {
    add(page, 'h2', 'What was found, with its first seed');
    Run.show(plan.series);
  }
  Page.finish('plimsoll plan');
})();
