package io.plimsoll.ops.cli;

import io.plimsoll.loadtest.live.ChaosPlan;
import io.plimsoll.loadtest.live.LoadPlan;
import io.plimsoll.loadtest.live.SubmitApi;
import io.plimsoll.transport.Amounts;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** What a load test is to be like. */
final class LoadtestOptions
{
    private static final int AGENTS_MAX = 1_000_000;
    private static final long SESSIONS_MAX = 10_000_000_000L;
    private static final double RATE_MAX = 10_000_000;
    private static final int BATCH_MAX = 10_000;
    private static final int BATCH_CLOSED = 1_000;
    private static final long OUTSTANDING_MIN = 20_000;
    private static final int RAMP_STEPS = 40;
    private static final int THREADS_MAX = 64;
    private static final int THREADS_USUAL = 8;
    private static final double FLAPS_MIN = 0.001;

    @Option(names = "--agents", paramLabel = "N", description = "Simulated agents of 64 cores; 1000 unless told.")
    private int agents = 1_000;

    @Option(
        names = "--agents-per-link",
        paramLabel = "N",
        description = "Agents that share a connection, as behind a relay. Unless told 1 up to 10,000 agents, then " +
            "100.")
    private int agentsPerLink;

    @Option(
        names = "--agent-threads",
        paramLabel = "N",
        description = "Threads that step the agents. Unless told one for each two processors of this machine, 8 at " +
            "most.")
    private Integer agentThreads;

    @Option(
        names = "--sessions",
        paramLabel = "N",
        description = "To run; 10000 unless told, with steps as many as these bring.")
    private Long sessions;

    @Option(
        names = "--rate",
        paramLabel = "R",
        description = "Sessions a second, due at fixed times whatever becomes of them. As fast as it takes unless " +
            "told.")
    private Double rate;

    @Option(
        names = "--steps",
        paramLabel = "R,R,...",
        split = ",",
        description = "Rates, one after the other.")
    private List<Double> steps = new ArrayList<>();

    @Option(
        names = "--ramp",
        paramLabel = "R",
        description = "Steps from this rate on, each half as much again, until one breaks: fewer than 95 %% of its " +
            "sessions assigned a second after its end, or p99 above --break-at.")
    private Double ramp;

    @Option(names = "--step-time", paramLabel = "DURATION", description = "Length of a step; 10s unless told.")
    private String stepTime;

    @Option(
        names = "--break-at",
        paramLabel = "DURATION",
        description = "p99 from submission to assignment with which a step breaks; 1s unless told.")
    private String breakAt;

    @Option(
        names = "--batch",
        paramLabel = "N",
        description = "Sessions in a request, as a job array. Unless told as few as make 1000 requests a second; " +
            "1000 without a rate.")
    private Integer batch;

    @Option(
        names = "--outstanding",
        paramLabel = "N",
        description = "Without a rate: sessions that are under way at a time. 20000 unless told.")
    private Long outstanding;

    @Option(
        names = "--api",
        paramLabel = "http|binary",
        description = "Through which sessions are submitted: http unless told. What reads is over HTTP.")
    private String api = SubmitApi.HTTP.code();

    @Option(names = "--connections", paramLabel = "N", description = "That submit; 8 unless told.")
    private int connections = 8;

    @Option(names = "--kernels", paramLabel = "N", description = "Of each session, started together; 1 unless told.")
    private int kernels = 1;

    @Option(names = "--run-time", paramLabel = "DURATION", description = "Of a session; 0s unless told.")
    private String runTime = "0s";

    @Option(
        names = "--reads",
        paramLabel = "SHARE",
        description = "Of all requests that read: lists, explain and events in turn. 0 unless told, below 1.")
    private double reads;

    @Option(
        names = "--chaos",
        paramLabel = "KIND=N",
        description = "What goes wrong: flap=N agents a second lose their link; storm=DURATION: all lose it each " +
            "time; slow=SHARE of agents act only every 500 ms; kill=DURATION: the manager is killed and started " +
            "again each time. Repeatable.")
    private List<String> chaos = new ArrayList<>();

    @Option(
        names = "--group",
        paramLabel = "NAME",
        description = "Resource group of the agents and sessions; loadtest unless told.")
    private String group = "loadtest";

    @Option(
        names = "--patience",
        paramLabel = "DURATION",
        description = "Without any session ending, after which those that have not count as lost; 60s unless told.")
    private String patience = "60s";

    @Option(names = "--seed", paramLabel = "N", description = "Of chance and of the agents' identities; 1 unless told.")
    private long seed = 1;

    boolean killsManager()
    {
        return chaosPlan().killEveryNs() > 0;
    }

    /** All of it, checked. */
    LoadPlan plan()
    {
        final List<Double> rates = rates();
        final boolean isStepped = !steps.isEmpty() || null != ramp;
        final int perRequest = null != batch ?
            (int)bounded("--batch", batch, 1, BATCH_MAX) : rates.isEmpty() ? BATCH_CLOSED : LoadPlan.BATCH_BY_RATE;
        refuseWithoutSteps(isStepped);
        if (null != outstanding && !rates.isEmpty())
        {
            throw usage("--outstanding goes without a rate: sessions with one are due whatever is under way");
        }
        if (!(reads >= 0 && reads < 1))
        {
            throw usage("--reads: " + reads + " is not from 0 to below 1");
        }
        if (!group.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,50}"))
        {
            throw usage("--group: '" + group + "' is no name of a group: use letters, digits, dots and dashes");
        }
        return new LoadPlan(
            (int)bounded("--agents", agents, 1, AGENTS_MAX),
            (int)bounded("--agents-per-link", agentsPerLink, 0, AGENTS_MAX),
            null == agentThreads ? usualThreads() : (int)bounded("--agent-threads", agentThreads, 1, THREADS_MAX),
            null != sessions ? bounded("--sessions", sessions, 1, SESSIONS_MAX) :
                isStepped ? Long.MAX_VALUE : 10_000,
            rates,
            isStepped ? positive("--step-time", null == stepTime ? "10s" : stepTime) : Long.MAX_VALUE,
            null != ramp,
            positive("--break-at", null == breakAt ? "1s" : breakAt),
            perRequest,
            null == outstanding ?
                Math.max(OUTSTANDING_MIN, 2L * connections * perRequest) :
                bounded("--outstanding", outstanding, 1, SESSIONS_MAX),
            api(),
            (int)bounded("--connections", connections, 1, 512),
            (int)bounded("--kernels", kernels, 1, 64),
            durationNs("--run-time", runTime),
            reads,
            chaosPlan(),
            group,
            positive("--patience", patience),
            seed);
    }

    private void refuseWithoutSteps(final boolean isStepped)
    {
        if (!isStepped && (null != stepTime || null != breakAt))
        {
            throw usage((null != stepTime ? "--step-time" : "--break-at") + ": goes with --steps or --ramp");
        }
    }

    SubmitApi api()
    {
        return SubmitApi.choice().parse("--api", api, LoadtestOptions::usage);
    }

    private static int usualThreads()
    {
        return Math.max(1, Math.min(THREADS_USUAL, Runtime.getRuntime().availableProcessors() / 2));
    }

    private List<Double> rates()
    {
        final int ways = (null == rate ? 0 : 1) + (steps.isEmpty() ? 0 : 1) + (null == ramp ? 0 : 1);
        if (ways > 1)
        {
            throw usage("--rate, --steps and --ramp exclude each other: name one of them");
        }
        if (null != rate)
        {
            return List.of(rate("--rate", rate));
        }
        if (null != ramp)
        {
            final List<Double> rising = new ArrayList<>();
            double next = rate("--ramp", ramp);
            while (rising.size() < RAMP_STEPS && next <= RATE_MAX)
            {
                rising.add(next);
                next *= 1.5;
            }
            return rising;
        }
        return steps.stream().map(step -> rate("--steps", step)).toList();
    }

    private ChaosPlan chaosPlan()
    {
        double flaps = 0;
        long stormNs = 0;
        double slow = 0;
        long killNs = 0;
        for (final String text : chaos)
        {
            final int equals = text.indexOf('=');
            final String kind = equals < 0 ? text : text.substring(0, equals);
            final String value = equals < 0 ? "" : text.substring(equals + 1);
            final String option = "--chaos " + kind;
            switch (kind)
            {
                case "flap" -> flaps = number(option, value, FLAPS_MIN, 100_000);
                case "storm" -> stormNs = positive(option, value);
                case "slow" -> slow = number(option, value, 0, 1);
                case "kill" -> killNs = positive(option, value);
                default -> throw usage(
                    "--chaos: '" + text + "' is not known: use flap=N, storm=DURATION, slow=SHARE or kill=DURATION");
            }
        }
        return new ChaosPlan(flaps, stormNs, slow, killNs);
    }

    private static double number(final String option, final String text, final double min, final double max)
    {
        final String bounds = (0 == min ? "above 0" : "at least " + min) + " and at most " + (long)max;
        try
        {
            final double value = Double.parseDouble(text);
            if (value > 0 && value >= min && value <= max)
            {
                return value;
            }
        }
        catch (final NumberFormatException ex)
        {
            throw usage(option + ": '" + text + "' is no number: use one " + bounds);
        }
        throw usage(option + ": " + text + " is not " + bounds);
    }

    private static double rate(final String option, final double value)
    {
        if (!(value > 0 && value <= RATE_MAX))
        {
            throw usage(option + ": " + value + " is no rate: use one above 0 and at most " + (long)RATE_MAX);
        }
        return value;
    }

    private static long bounded(final String option, final long value, final long min, final long max)
    {
        if (value < min || value > max)
        {
            throw usage(option + ": " + value + " is not from " + min + " to " + max);
        }
        return value;
    }

    private static long positive(final String option, final String text)
    {
        final long durationNs = durationNs(option, text);
        if (0 == durationNs)
        {
            throw usage(option + ": must be above 0");
        }
        return durationNs;
    }

    static long durationNs(final String option, final String text)
    {
        try
        {
            return Amounts.durationNs(text);
        }
        catch (final IllegalArgumentException ex)
        {
            throw usage(option + ": " + ex.getMessage());
        }
    }

    private static CliException usage(final String message)
    {
        return new CliException(ExitCode.USAGE, message);
    }
}
