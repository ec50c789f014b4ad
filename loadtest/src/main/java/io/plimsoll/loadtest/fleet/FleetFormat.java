package io.plimsoll.loadtest.fleet;

import io.plimsoll.loadtest.simulate.ScenarioException;
import io.plimsoll.transport.Choice;

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

    private static final Choice<FleetFormat> NAMES = Choice.of(values(), FleetFormat::text);

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
    public static FleetFormat parse(final String field, final String name)
    {
        return NAMES.parse(field, name, ScenarioException::new);
    }
}
