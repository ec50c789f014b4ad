package io.plimsoll.loadtest.fleet;

import io.plimsoll.loadtest.simulate.ScenarioException;
import java.util.StringJoiner;

/** What a fleet can be read from. */
public enum FleetFormat
{
    /** Our own, {@link FleetYaml}; a scenario too, for its agents. */
    PLIMSOLL("plimsoll"),
    /** Nodes of the GPU trace of 2023. */
    OPENB_NODES("openb-nodes"),
    /** Nodes of the spot trace of 2026. */
    SPOT_NODES("spot-nodes"),
    /** Machines of the PAI trace of 2020, in their archive or out of it. */
    PAI_MACHINES("pai-machines"),
    /** Machines beside a log in the Standard Workload Format. */
    MACHINES("machines"),
    /** The one machine that the header of such a log tells of. */
    SWF("swf");

    private final String text;

    FleetFormat(final String text)
    {
        this.text = text;
    }

    /** As users write it. */
    public String text()
    {
        return text;
    }

    static String names()
    {
        final StringJoiner names = new StringJoiner(", ");
        for (final FleetFormat format : values())
        {
            names.add(format.text);
        }
        return names.toString();
    }

    /** The format of a name. */
    public static FleetFormat parse(final String name)
    {
        for (final FleetFormat format : values())
        {
            if (format.text.equals(name))
            {
                return format;
            }
        }
        throw new ScenarioException("'" + name + "' is no format: use " + names());
    }
}
