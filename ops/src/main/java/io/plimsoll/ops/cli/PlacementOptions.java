package io.plimsoll.ops.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** Where and when a session may run, and who may end it; texts go to the manager as they are, which checks them. */
final class PlacementOptions
{
    private static final String LIST = "[,|]";

    @Option(names = "--arch", paramLabel = "A[,A]", description = "Architecture of the agents, such as x86_64.")
    private String arch;

    @Option(
        names = "--label",
        paramLabel = "COND",
        description = "Condition on a label of the agents: K=V, K=V|W (any of them), K!=V, K (has it) or !K (has it " +
            "not); repeatable, all must hold.")
    private List<String> labels = new ArrayList<>();

    @Option(
        names = "--device-model",
        paramLabel = "M[|M]",
        description = "Model of the GPUs, such as A100; the same as --label cuda.model=A100.")
    private String deviceModel;

    @Option(names = "--on", paramLabel = "AGENT", description = "Runs on this agent only; repeatable: on any of these.")
    private List<String> on = new ArrayList<>();

    @Option(names = "--prefer", paramLabel = "AGENT", description = "Tries this agent first; repeatable.")
    private List<String> prefer = new ArrayList<>();

    @Option(
        names = "--spread",
        paramLabel = "NAME",
        description = "Kept apart from sessions with the same NAME if possible; NAME:strict waits if it is not.")
    private String spread;

    @Option(
        names = "--pack",
        paramLabel = "NAME",
        description = "Kept together with sessions of the same NAME if possible; NAME:strict waits if it is not.")
    private String pack;

    @Option(
        names = "--start-at",
        paramLabel = "WHEN",
        description = "Not started before: a time such as 2026-11-22T18:00:00Z, or a duration from now such as 90m.")
    private String startAt;

    @Option(
        names = "--failure-policy",
        paramLabel = "POLICY",
        description = "What the failure of one kernel means: strict (default): all end; boot-all: all must have " +
            "started first; tolerant: the others go on.")
    private String failurePolicy;

    @Option(names = "--preemptible", description = "May have to yield to sessions of higher priority.")
    private boolean preemptible;

    void putTo(final Map<String, Object> session)
    {
        put(session, "arch", split(arch));
        put(session, "labels", labels.isEmpty() ? null : labels);
        put(session, "deviceModel", split(deviceModel));
        put(session, "on", on.isEmpty() ? null : on);
        put(session, "prefer", prefer.isEmpty() ? null : prefer);
        put(session, "spread", spread);
        put(session, "pack", pack);
        put(session, "startAt", startAt);
        put(session, "failurePolicy", failurePolicy);
        put(session, "preemptible", preemptible ? true : null);
    }

    private static List<String> split(final String text)
    {
        return null == text ? null : List.of(text.split(LIST));
    }

    private static void put(final Map<String, Object> map, final String key, final Object value)
    {
        if (null != value)
        {
            map.put(key, value);
        }
    }
}
