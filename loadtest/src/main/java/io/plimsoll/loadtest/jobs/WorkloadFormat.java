package io.plimsoll.loadtest.jobs;

import io.plimsoll.loadtest.simulate.ScenarioException;
import java.util.ArrayList;
import java.util.List;

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

    /** The format of a name. */
    public static WorkloadFormat parse(final String name)
    {
        final List<String> names = new ArrayList<>();
        for (final WorkloadFormat format : values())
        {
            if (format.text.equals(name))
            {
                return format;
            }
            names.add(format.text);
        }
        throw new ScenarioException("'" + name + "' is no format: use " + String.join(", ", names));
    }
}
