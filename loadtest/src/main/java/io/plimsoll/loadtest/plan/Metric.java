package io.plimsoll.loadtest.plan;

import io.plimsoll.loadtest.virtual.RunFigures;
import io.plimsoll.loadtest.whatif.WaitFigures;
import io.plimsoll.transport.Choice;

/** What an objective may be about. */
public enum Metric
{
    /** Mean wait for the first start. */
    WAIT_MEAN("wait.mean", Unit.SECONDS),
    /** Wait that half of the sessions do not exceed. */
    WAIT_P50("wait.p50", Unit.SECONDS),
    /** Wait that nine of ten do not exceed. */
    WAIT_P90("wait.p90", Unit.SECONDS),
    /** Wait that 95 of 100 do not exceed. */
    WAIT_P95("wait.p95", Unit.SECONDS),
    /** Wait that 99 of 100 do not exceed. */
    WAIT_P99("wait.p99", Unit.SECONDS),
    /** Longest wait. */
    WAIT_MAX("wait.max", Unit.SECONDS),
    /** Mean bounded slowdown. */
    SLOWDOWN("slowdown", Unit.NUMBER),
    /** Part of the cores that is used. */
    CPU_USE("use.cpu", Unit.PART),
    /** Part of the memory that is used. */
    MEMORY_USE("use.mem", Unit.PART),
    /** Part of the devices that is used. */
    DEVICE_USE("use.gpu", Unit.PART),
    /** Sessions that had not started by the end. */
    UNSTARTED("unstarted", Unit.NUMBER),
    /** Sessions that were refused. */
    REFUSED("refused", Unit.NUMBER),
    /** Sessions that ended in error. */
    FAILED("failed", Unit.NUMBER);

    private static final Choice<Metric> LABELS = Choice.of(values(), Metric::label);

    private final String label;
    private final Unit unit;

    Metric(final String label, final Unit unit)
    {
        this.label = label;
        this.unit = unit;
    }

    /** As it is written. */
    public String label()
    {
        return label;
    }

    Unit unit()
    {
        return unit;
    }

    boolean isWait()
    {
        return Unit.SECONDS == unit;
    }

    /** Whether it counts sessions. */
    boolean isCount()
    {
        return this == UNSTARTED || this == REFUSED || this == FAILED;
    }

    /** Of all sessions: seconds, a number, or a part of 1. */
    double of(final RunFigures figures)
    {
        return switch (this)
        {
            case SLOWDOWN -> figures.boundedSlowdown();
            case CPU_USE -> figures.cpuUse();
            case MEMORY_USE -> figures.memoryUse();
            case DEVICE_USE -> figures.deviceUse();
            case UNSTARTED -> figures.unstarted();
            case REFUSED -> figures.refused();
            case FAILED -> figures.failed();
            default -> of(figures.waits());
        };
    }

    /** Of some waits, seconds; infinite for who waits for ever, 0 of none. */
    double of(final WaitFigures waits)
    {
        if (0 == waits.count())
        {
            return 0;
        }
        return switch (this)
        {
            case WAIT_MEAN -> waits.meanSeconds();
            case WAIT_P50 -> waits.percentileSeconds(50);
            case WAIT_P90 -> waits.percentileSeconds(90);
            case WAIT_P95 -> waits.percentileSeconds(95);
            case WAIT_P99 -> waits.percentileSeconds(99);
            case WAIT_MAX -> waits.percentileSeconds(100);
            default -> throw new IllegalStateException("metric=" + this);
        };
    }

    /** Those that there are, by their labels. */
    static Choice<Metric> choice()
    {
        return LABELS;
    }

    /** How a bound is written. */
    enum Unit
    {
        /** A duration. */
        SECONDS,
        /** A number. */
        NUMBER,
        /** A part of 1, or percent. */
        PART
    }
}
