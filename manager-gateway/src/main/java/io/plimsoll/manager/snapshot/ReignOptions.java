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
    private CoreOptions options = CoreOptions.defaults();
    private int decisionVersion;

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
        options = CoreOptions.of(started);
        decisionVersion = started.decisionVersion();
        return true;
    }

    /** Of this reign; those that no reign told of are the defaults. */
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
