package io.plimsoll.manager.snapshot;

import io.plimsoll.core.CoreOptions;
import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.sbe.ManagerStartedDecoder;
import io.plimsoll.core.sbe.MessageHeaderDecoder;

/**
 * What the record that began a reign tells of its core: with which options it decides, and which version of it. Whoever
 * decides a journal again asks here, and nowhere else. For one thread.
 */
public final class ReignOptions
{
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final ManagerStartedDecoder started = new ManagerStartedDecoder();
    private final CoreOptions untold;
    private CoreOptions options;
    private int decisionVersion;

    /** Of managers, which tell all that they can be told. */
    public ReignOptions()
    {
        this(CoreOptions.defaults());
    }

    /**
     * Of cores that were made with others.
     *
     * @param untold what holds where records do not tell.
     */
    public ReignOptions(final CoreOptions untold)
    {
        this.untold = untold;
        options = untold;
    }

    /**
     * To be shown each record before it is applied or decided.
     *
     * @param record of a journal, or of what a snapshot keeps of it.
     * @return whether it begins a reign.
     */
    public boolean onRecord(final RecordFlyweight record)
    {
        header.wrap(record.buffer(), record.commandOffset());
        if (ManagerStartedDecoder.TEMPLATE_ID != header.templateId())
        {
            return false;
        }
        started.wrapAndApplyHeader(record.buffer(), record.commandOffset(), header);
        options = untold.told(started);
        decisionVersion = started.decisionVersion();
        return true;
    }

    /** Of this reign. */
    public CoreOptions options()
    {
        return options;
    }

    /** Of the build that writes the records of this reign; 0: not told. */
    public int decisionVersion()
    {
        return decisionVersion;
    }
}
