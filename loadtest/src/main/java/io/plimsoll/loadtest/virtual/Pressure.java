package io.plimsoll.loadtest.virtual;

import io.plimsoll.loadtest.virtual.UsageCurve.Line;
import java.util.Map;

/**
 * What sessions wait for, and when: how much was used while they did, each moment counted as often as sessions waited.
 * Where machines are of groups it is told of the one for which sessions waited most: what is used in others is in
 * nobody's way.
 *
 * @param group         of machines; empty where all are one pool.
 * @param cpuUse        part of the cores, 0 to 1.
 * @param memoryUse     part of the memory; 0 if machines do not say.
 * @param deviceUse     part of the devices; 0 without any.
 * @param waitingByHour sessions that waited in the mean, by hour of the day (UTC), or of the first day if it is not
 *                      known when that was.
 * @param isDated       whether hours are those of the world, UTC; otherwise they count from the first arrival.
 */
public record Pressure(
    String group, double cpuUse, double memoryUse, double deviceUse, double[] waitingByHour, boolean isDated)
{
    private static final int HOURS = 24;
    private static final long HOUR_NS = 3_600_000_000_000L;

    static Pressure of(final ClusterRun run, final long fromNs)
    {
        Pressure most = null;
        double mostWaited = -1;
        for (final Map.Entry<String, UsageCurve> group : run.curves().entrySet())
        {
            final UsageCurve curve = group.getValue();
            final double waited = curve.area(Line.WAITING, fromNs, curve.endNs());
            if (waited > mostWaited)
            {
                mostWaited = waited;
                most = of(run, group.getKey(), curve, fromNs);
            }
        }
        return null == most ? of(run, "", run.curve(), fromNs) : most;
    }

    private static Pressure of(
        final ClusterRun run, final String group, final UsageCurve curve, final long fromNs)
    {
        final long originNs = run.workload().hasOrigin() ? run.workload().originEpochNs() : 0;
        final double[] waiting = new double[HOURS];
        final int[] intervals = new int[HOURS];
        double all = 0;
        double cpu = 0;
        double memory = 0;
        double devices = 0;
        for (int interval = (int)(fromNs / curve.intervalNs()); interval < curve.intervals(); interval++)
        {
            final double weight = curve.mean(Line.WAITING, interval);
            final int hour = (int)Math.floorMod((originNs + interval * curve.intervalNs()) / HOUR_NS, (long)HOURS);
            waiting[hour] += weight;
            intervals[hour]++;
            all += weight;
            cpu += weight * part(curve, Line.CPU_USED, Line.CPU_THERE, interval);
            memory += weight * part(curve, Line.MEMORY_USED, Line.MEMORY_THERE, interval);
            devices += weight * part(curve, Line.DEVICES_USED, Line.DEVICES_THERE, interval);
        }
        for (int hour = 0; hour < HOURS; hour++)
        {
            waiting[hour] /= Math.max(1, intervals[hour]);
        }
        final double sum = 0 == all ? 1 : all;
        return new Pressure(group, cpu / sum, memory / sum, devices / sum, waiting, run.workload().hasOrigin());
    }

    private static double part(final UsageCurve curve, final Line used, final Line there, final int interval)
    {
        final double all = curve.mean(there, interval);
        return 0 == all ? 0 : curve.mean(used, interval) / all;
    }

    /** The resource of which most was used while sessions waited: cpu, mem or gpu. */
    public String resource()
    {
        final boolean isDevice = deviceUse > 0 && deviceUse >= cpuUse && deviceUse >= memoryUse;
        return isDevice ? "gpu" : cpuUse >= memoryUse ? "cpu" : "mem";
    }

    /** How much of that was used. */
    public double use()
    {
        return Math.max(deviceUse, Math.max(cpuUse, memoryUse));
    }

    /** The hour in which most sessions waited. */
    public int worstHour()
    {
        int worst = 0;
        for (int hour = 1; hour < HOURS; hour++)
        {
            worst = waitingByHour[hour] > waitingByHour[worst] ? hour : worst;
        }
        return worst;
    }

    static Pressure none()
    {
        return new Pressure("", 0, 0, 0, new double[HOURS], false);
    }
}
