package io.plimsoll.loadtest.virtual;

import io.plimsoll.loadtest.virtual.UsageCurve.Line;

/**
 * What sessions wait for, and when: how much was used while they did, each moment counted as often as sessions waited.
 *
 * @param cpuUse        part of the cores, 0 to 1.
 * @param memoryUse     part of the memory; 0 if machines do not say.
 * @param deviceUse     part of the devices; 0 without any.
 * @param waitingByHour sessions that waited in the mean, by hour of the day (UTC), or of the first day if it is not
 *                      known when that was.
 */
public record Pressure(double cpuUse, double memoryUse, double deviceUse, double[] waitingByHour)
{
    private static final int HOURS = 24;
    private static final long HOUR_NS = 3_600_000_000_000L;

    static Pressure of(final ClusterRun run, final long fromNs)
    {
        final UsageCurve curve = run.curve();
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
        return new Pressure(cpu / sum, memory / sum, devices / sum, waiting);
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
        return new Pressure(0, 0, 0, new double[HOURS]);
    }
}
