package io.plimsoll.loadtest.jobs;

import io.plimsoll.loadtest.simulate.ScenarioException;
import io.plimsoll.transport.Choice;

/** What a workload can be read from. */
public enum WorkloadFormat
{
    /** Our own, {@link JobCsv}. */
    PLIMSOLL("plimsoll"),
    /** Pods of the GPU trace of 2023. */
    OPENB_PODS("openb-pods"),
    /** Standard Workload Format. */
    SWF("swf"),
    /** Jobs of Microsoft's Philly. */
    PHILLY("philly"),
    /** Instances of the DLRM trace of 2025. */
    DLRM("dlrm"),
    /** A journal of ours. */
    JOURNAL("journal"),
    /** A description of a workload to make. */
    GENERATOR("generator"),
    /** The sessions of a scenario. */
    SCENARIO("scenario");

    private static final Choice<WorkloadFormat> NAMES = Choice.of(values(), WorkloadFormat::text);

    private final String text;

    WorkloadFormat(final String text)
    {
        this.text = text;
    }

    /** As users write it. */
    public String text()
    {
        return text;
    }

    /** All of them, as in a sentence. */
    static String names()
    {
        return NAMES.toString();
    }

    /**
     * The format of a name.
     *
     * @param field that it was written in, such as {@code --format}.
     * @param name  as users write it.
     * @throws ScenarioException if there is no such format.
     */
    public static WorkloadFormat parse(final String field, final String name)
    {
        return NAMES.parse(field, name, ScenarioException::new);
    }
}
